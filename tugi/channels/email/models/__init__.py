from __future__ import annotations

from tugi.channels.email.models.mailboxes import LATE_AFTER_DAYS, LateReply, Mailbox, MailboxCursor, Security, Start
from tugi.channels.email.models.outbox import AutomaticMail, OutboundKind, OutboundMessage
from tugi.channels.email.models.raw import Outcome, RawMail, Via
from tugi.channels.email.models.threads import KnownMessageId, TicketMailbox

__all__ = [
    "LATE_AFTER_DAYS",
    "AutomaticMail",
    "KnownMessageId",
    "LateReply",
    "Mailbox",
    "MailboxCursor",
    "OutboundKind",
    "OutboundMessage",
    "Outcome",
    "RawMail",
    "Security",
    "Start",
    "TicketMailbox",
    "Via",
]
