"""The main job on real servers: a customer's mail becomes a ticket, an agent answers, the customer answers back.

The customer writes through Postfix, which lays the mail into Dovecot, from where the desk fetches it by IMAP
with a UID cursor; the desk's own mail goes out through the same Postfix into the customer's Maildir.
"""

from __future__ import annotations

import smtplib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client

from tests.servers import postfix as postfixes
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix
from tugi.channels.email.actions import claim_mailbox
from tugi.channels.email.fetchers import fetch_one
from tugi.channels.email.models import Mailbox, Security
from tugi.channels.email.testing import make_mailbox
from tugi.events.testing import run_consumers, run_sender
from tugi.people.testing import Cast, make_cast
from tugi.tickets.models import Delivery, Message, MessageKind, Ticket
from tugi.tickets.testing import reply

pytestmark = pytest.mark.django_db

HTML = '<p>The <b>printer</b> is on fire: <img src="cid:flames"></p><script>alert(1)</script>'


@dataclass
class Desk:
    """The desk's side: fetch, read, follow up and send, as the worker's threads do."""

    mailbox: Mailbox
    cast: Cast

    def work(self) -> None:
        Mailbox.objects.update(retry_at=None)
        held = claim_mailbox()
        assert held is not None
        fetch_one(held, threading.Event())
        run_sender("email.intake")
        run_consumers()
        run_sender("email.outbox")
        run_consumers()

    def work_until_message(self, count: int, seconds: float = 30) -> list[Message]:
        deadline = time.monotonic() + seconds
        while Message.objects.filter(kind=MessageKind.INBOUND).count() < count:
            assert time.monotonic() < deadline, "the mail did not arrive"
            self.work()
            time.sleep(0.1)
        return list(Message.objects.filter(kind=MessageKind.INBOUND).order_by("id"))


@dataclass
class Customer:
    """Dora at her mail client."""

    server: Postfix
    maildir: Path

    def send(self, text: str, *, subject: str, answers: EmailMessage | None = None, rich: bool = False) -> None:
        mail = EmailMessage(policy=policy.SMTP)
        mail["From"], mail["Subject"] = "Dora Customer <dora@dora.test>", subject
        mail["To"] = (answers["Reply-To"] or answers["From"]) if answers else "support@acme.test"
        mail["Message-ID"] = f"<{time.monotonic_ns()}@dora.test>"
        if answers:
            mail["In-Reply-To"] = answers["Message-ID"]
        mail.set_content(text)
        if rich:
            mail.add_alternative(HTML, subtype="html")
            html = mail.get_body(("html",))
            assert html is not None
            html.add_related(b"\x89PNG\r\n\x1a\n....", "image", "png", cid="<flames>", filename="flames.png")
            mail.add_attachment("Beschreibung üöä".encode(), "application", "pdf", filename="Größe.pdf")
        with smtplib.SMTP(self.server.host, self.server.port) as line:
            line.send_message(mail)

    def wait_for(self, count: int, seconds: float = 30) -> list[EmailMessage]:
        """All mail in the maildir, in the order it was written, once there are so many."""
        deadline = time.monotonic() + seconds
        while len(self._files()) < count:
            assert time.monotonic() < deadline, f"{len(self._files())} of {count} mails came"
            time.sleep(0.1)
        return [_read(path) for path in self._files()]

    def _files(self) -> list[Path]:
        return sorted([*self.maildir.glob("new/*"), *self.maildir.glob("cur/*")], key=_written_at)


def _written_at(path: Path) -> tuple[int, int]:
    """Second and microsecond of the delivery from Postfix's name for it: `SECOND.VdeviceIinodeMmicrosecond.host`.

    Neither part is padded, and between them stands the inode, which follows no order: the names do not sort.
    """
    second, unique, *_ = path.name.split(".")
    return int(second), int(unique.rpartition("M")[2])


@pytest.fixture
def customer(dovecot: Dovecot) -> Iterator[Customer]:
    if not postfixes.can_run():
        pytest.skip("Postfix wants root and to be installed")
    dovecot.add_user("support", "right horse")
    boxes = {"support@acme.test": dovecot.maildir("support"), "dora@dora.test": dovecot.maildir("dora")}
    with postfixes.postfix(boxes, (dovecot.uid, dovecot.gid)) as server:
        yield Customer(server, dovecot.maildir("dora"))


@pytest.fixture
def desk(dovecot: Dovecot, customer: Customer) -> Desk:
    cast = make_cast()
    mailbox = make_mailbox(
        cast.north,
        "support@acme.test",
        imap_on=True,
        imap_start="all",
        imap_host=dovecot.host,
        imap_port=dovecot.port,
        imap_security=Security.PLAIN,
        imap_username="support",
        imap_password="right horse",
        smtp_on=True,
        smtp_host=customer.server.host,
        smtp_port=customer.server.port,
        smtp_security=Security.PLAIN,
    )
    return Desk(mailbox, cast)


def test_a_mail_becomes_a_ticket_is_answered_and_the_answer_is_answered(
    desk: Desk, customer: Customer, client: Client
) -> None:
    customer.send("The printer is on fire, please help.", subject="Fire ✓ пожар", rich=True)
    (first,) = desk.work_until_message(1)
    ticket = first.ticket
    assert ticket.subject == "Fire ✓ пожар"
    assert "<b>printer</b>" in first.html
    assert "alert" not in first.html
    assert [file.name for file in first.attachments.all()] == ["flames.png", "Größe.pdf"]

    (told,) = customer.wait_for(1)
    assert told["Auto-Submitted"] == "auto-replied"
    assert f"[#{ticket.number}]" in told["Subject"]
    page = client.get(_link(told))
    assert page.status_code == 200
    assert "printer" in page.content.decode()

    said = reply(ticket, "Please use the red one.", author=desk.cast.ben, undo_for=timedelta())
    desk.work()
    answer = customer.wait_for(2)[1]
    assert "Please use the red one." in _text(answer)
    assert "> The printer is on fire" in _text(answer)
    assert answer["In-Reply-To"] == message_id_of(first)
    said.refresh_from_db()
    assert said.delivery == Delivery.SENT

    customer.send("That worked, thank you!", subject=f"Re: {answer['Subject']}", answers=answer)
    _, second = desk.work_until_message(2)
    assert second.ticket == ticket
    assert second.text.strip() == "That worked, thank you!"
    assert Ticket.objects.count() == 1
    desk.work()
    assert len(customer.wait_for(2)) == 2


def message_id_of(message: Message) -> str:
    known = message.known_ids.get()
    return f"<{known.value}>"


def _read(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=policy.default)


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    text: str = body.get_content()
    return text


def _link(mail: EmailMessage) -> str:
    start = _text(mail).index("/t/")
    return _text(mail)[start:].split()[0]
