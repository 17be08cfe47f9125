from __future__ import annotations

from tugi.channels.email.models.consents import Consent
from tugi.channels.email.models.mailboxes import (
    Afterwards,
    Mailbox,
    MailboxCursor,
    PopMail,
    Protocol,
    Security,
    SignIn,
    Start,
    TakenMail,
)
from tugi.channels.email.models.outbox import AutomaticMail, OutboundKind, OutboundMessage
from tugi.channels.email.models.raw import Outcome, RawMail, Via
from tugi.channels.email.models.threads import KnownMessageId, TicketMailbox

__all__ = [
    "Afterwards",
    "AutomaticMail",
    "Consent",
    "KnownMessageId",
    "Mailbox",
    "MailboxCursor",
    "OutboundKind",
    "OutboundMessage",
    "Outcome",
    "PopMail",
    "Protocol",
    "RawMail",
    "Security",
    "SignIn",
    "Start",
    "TakenMail",
    "TicketMailbox",
    "Via",
]
