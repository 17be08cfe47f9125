from __future__ import annotations

from tugi.channels.email.models.keys import KeySystem, MailboxKey
from tugi.channels.email.models.mailboxes import Mailbox, MailboxCursor, Security, Start
from tugi.channels.email.models.outbox import AutomaticMail, OutboundKind, OutboundMessage
from tugi.channels.email.models.raw import Outcome, RawMail, Via
from tugi.channels.email.models.threads import KnownMessageId, TicketMailbox

__all__ = [
    "AutomaticMail",
    "KeySystem",
    "KnownMessageId",
    "Mailbox",
    "MailboxCursor",
    "MailboxKey",
    "OutboundKind",
    "OutboundMessage",
    "Outcome",
    "RawMail",
    "Security",
    "Start",
    "TicketMailbox",
    "Via",
]
