"""Every way in which mailboxes and their mail change. Callers have checked access."""

from __future__ import annotations

from tugi.channels.email.actions.automatic import resume as resume_automatic_mail
from tugi.channels.email.actions.consents import connect_mailbox, forget_consent
from tugi.channels.email.actions.dkim_keys import forget_dkim_key, make_dkim_key, set_dkim_signing
from tugi.channels.email.actions.health import count_mails, note_reading, note_storage
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
from tugi.channels.email.actions.raw import (
    accept_raw,
    dismiss_raw,
    note_not_processed,
    note_withheld,
    retry_all_raw,
    retry_raw,
)
from tugi.channels.email.actions.watching import claim_watch, release_watch, want_fetch

__all__ = [
    "accept_raw",
    "add_key",
    "add_mailbox",
    "change_mailbox",
    "claim_mailbox",
    "claim_watch",
    "connect_mailbox",
    "count_mails",
    "dismiss_raw",
    "forget_consent",
    "forget_dkim_key",
    "forget_password",
    "keep_claim",
    "make_dkim_key",
    "note_fetch_failed",
    "note_fetched",
    "note_not_processed",
    "note_reading",
    "note_storage",
    "note_withheld",
    "release_watch",
    "remove_key",
    "resume_automatic_mail",
    "retry_all_raw",
    "retry_raw",
    "set_dkim_signing",
    "want_fetch",
]
