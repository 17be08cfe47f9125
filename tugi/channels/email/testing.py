"""Mail for tests: a mailbox of the cast's department North, mails as bytes, and what becomes of them.

class MyTest(MailTest):
    def test_something(self) -> None:
        ticket = self.receive(mail(subject="Help")).message.ticket
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from itertools import count

from tugi.channels.email.actions import accept_raw
from tugi.channels.email.intake import take_in
from tugi.channels.email.listener import Place, listen
from tugi.channels.email.models import Mailbox, OutboundKind, OutboundMessage, RawMail, Via
from tugi.channels.email.receiving.gate import Limits
from tugi.core import clock
from tugi.events.testing import run_consumers
from tugi.people.models import Department
from tugi.tickets.models import Message, Ticket
from tugi.tickets.testing import DeskTest, reply

SUPPORT = "support@acme.example"
DORA = "Dora Customer <dora@dora.example>"
VOUCHED = "mx.acme.example; dmarc=pass (p=reject) header.from={domain}"
_ids = count(1)


class MailTest(DeskTest):
    """The cast and the mailbox support@acme.example, which trusts the mail server mx.acme.example."""

    mailbox: Mailbox

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.mailbox = make_mailbox(cls.cast.north)

    def receive(self, raw: bytes, *, via: Via = Via.IMAP, mailbox: Mailbox | None = None) -> RawMail:
        """Take the mail in as the worker does."""
        row = accept_raw(mailbox or self.mailbox, raw, via=via)
        take_in(row)
        row.refresh_from_db()
        return row

    def open_ticket(self, subject: str = "Cannot sign in", message_id: str = "") -> Ticket:
        """A ticket opened by a mail of Dora's, proven by her mail server."""
        row = self.receive(mail(vouched="dora.example", subject=subject, message_id=message_id))
        return message_of(row).ticket

    def answer(self, ticket: Ticket, text: str = "Have you tried it again?") -> OutboundMessage:
        """Ben's reply as a row of the outbox, due at once."""
        said = reply(ticket, text, author=self.cast.ben, undo_for=timedelta())
        run_consumers()
        return OutboundMessage.objects.get(message=said, kind=OutboundKind.REPLY)


def make_mailbox(
    department: Department, address: str = SUPPORT, *, authserv_id: str = "mx.acme.example", **fields: object
) -> Mailbox:
    return Mailbox.objects.create(
        address=address,
        department=department,
        display_name="Acme Support",
        authserv_id=authserv_id,
        created_at=clock.now(),
        **fields,
    )


def mail(
    text: str = "Hello, I cannot sign in since this morning. Please help me.",
    *,
    sender: str = DORA,
    to: str = SUPPORT,
    subject: str = "Cannot sign in",
    message_id: str = "",
    vouched: str = "",
    headers: dict[str, str] | None = None,
) -> bytes:
    """A mail as bytes; `vouched` is the domain for which our own server found DMARC to pass."""
    made = EmailMessage(policy=SMTP)
    if vouched:
        made["Authentication-Results"] = VOUCHED.format(domain=vouched)
    made["Message-ID"] = message_id or f"<{next(_ids)}.customer@dora.example>"
    made["From"], made["To"], made["Subject"] = sender, to, subject
    for name, value in (headers or {}).items():
        made[name] = value
    made.set_content(text)
    return made.as_bytes()


def message_of(row: RawMail) -> Message:
    assert row.message is not None, row.outcome
    return row.message


@contextmanager
def running_listener(
    place: Place = ("127.0.0.1", 0), *, via: Via = Via.SMTP, limits: Limits | None = None
) -> Iterator[int]:
    """Our mail server in a thread; gives its port."""
    stop, ready = threading.Event(), threading.Event()
    ports: list[int] = []

    def note(port: int) -> None:
        ports.append(port)
        ready.set()

    thread = threading.Thread(target=listen, args=(place, stop, note), kwargs={"via": via, "limits": limits})
    thread.start()
    try:
        assert ready.wait(10)
        yield ports[0]
    finally:
        stop.set()
        thread.join(10)
