"""What only the desk knows about a mail that is inspected: how well its sender would be proven here."""

from __future__ import annotations

from django.db import DatabaseError

from tugi.channels.email.models import Mailbox, RawMail, Via
from tugi.channels.email.parsing import ParsedMail
from tugi.channels.email.routing import mailbox_for, own_addresses
from tugi.channels.email.sender import read_sender
from tugi.tickets.models import Proof


def proof_of(mail: ParsedMail) -> str:
    """The proof that the sender would have, had the mail come by the pipe. Writes nothing."""
    try:
        mailbox = _mailbox(mail)
        if mailbox is None:
            return Proof.NONE.value
        return read_sender(mail, RawMail(mailbox=mailbox, via=Via.PIPE), own_addresses()).proof.value
    except DatabaseError:
        return Proof.NONE.value


def _mailbox(mail: ParsedMail) -> Mailbox | None:
    named = [*mail.delivered_to, *(each.addr for each in (*mail.to, *mail.cc))]
    return next((found for each in named if (found := mailbox_for(each))), None)
