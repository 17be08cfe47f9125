"""Every way in which mailboxes and their mail change. Callers have checked access."""

from __future__ import annotations

from tugi.channels.email.actions.raw import accept_raw, note_not_processed, retry_raw

__all__ = ["accept_raw", "note_not_processed", "retry_raw"]
