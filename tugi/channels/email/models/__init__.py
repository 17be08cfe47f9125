from __future__ import annotations

from tugi.channels.email.models.health import FolderReading, MailTally, StorageLevel
from tugi.channels.email.models.mailboxes import Mailbox, MailboxCursor, Security, Start
from tugi.channels.email.models.outbox import AutomaticMail, OutboundKind, OutboundMessage
from tugi.channels.email.models.raw import Outcome, RawMail, Via
from tugi.channels.email.models.threads import KnownMessageId, TicketMailbox

__all__ = [
    "AutomaticMail",
    "FolderReading",
    "KnownMessageId",
    "MailTally",
    "Mailbox",
    "MailboxCursor",
    "OutboundKind",
    "OutboundMessage",
    "Outcome",
    "RawMail",
    "Security",
    "Start",
    "StorageLevel",
    "TicketMailbox",
    "Via",
]
