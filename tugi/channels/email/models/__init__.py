from __future__ import annotations

from tugi.channels.email.models.consents import Consent
from tugi.channels.email.models.dkim_keys import DkimKey
from tugi.channels.email.models.health import FolderReading, MailTally, StorageLevel
from tugi.channels.email.models.keys import KeySystem, MailboxKey
from tugi.channels.email.models.mailboxes import (
    LATE_AFTER_DAYS,
    Afterwards,
    LateReply,
    Mailbox,
    MailboxCursor,
    PopMail,
    Protocol,
    Security,
    SignIn,
    Start,
    TakenMail,
)
from tugi.channels.email.models.outbox import AutomaticMail, AutomaticPause, OutboundKind, OutboundMessage
from tugi.channels.email.models.raw import Outcome, RawMail, Via
from tugi.channels.email.models.threads import KnownMessageId, TicketMailbox

__all__ = [
    "LATE_AFTER_DAYS",
    "Afterwards",
    "AutomaticMail",
    "AutomaticPause",
    "Consent",
    "DkimKey",
    "FolderReading",
    "KeySystem",
    "KnownMessageId",
    "LateReply",
    "MailTally",
    "Mailbox",
    "MailboxCursor",
    "MailboxKey",
    "OutboundKind",
    "OutboundMessage",
    "Outcome",
    "PopMail",
    "Protocol",
    "RawMail",
    "Security",
    "SignIn",
    "Start",
    "StorageLevel",
    "TakenMail",
    "TicketMailbox",
    "Via",
]
