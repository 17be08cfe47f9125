"""Every way in which mailboxes and their mail change. Callers have checked access."""

from __future__ import annotations

from tugi.channels.email.actions.keys import add_key, remove_key
from tugi.channels.email.actions.mailboxes import (
    add_mailbox,
    change_mailbox,
    claim_mailbox,
    forget_password,
    keep_claim,
    note_fetch_failed,
    note_fetched,
)
from tugi.channels.email.actions.raw import accept_raw, dismiss_raw, note_not_processed, note_withheld, retry_raw

__all__ = [
    "accept_raw",
    "add_key",
    "add_mailbox",
    "change_mailbox",
    "claim_mailbox",
    "dismiss_raw",
    "forget_password",
    "keep_claim",
    "note_fetch_failed",
    "note_fetched",
    "note_not_processed",
    "note_withheld",
    "remove_key",
    "retry_raw",
]
