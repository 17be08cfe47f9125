"""Customers as the walks need them: they write with a mail program of their own and look into their inbox."""

from __future__ import annotations

import re
import smtplib
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import make_msgid

from tests.servers.processes import wait_until
from tests.servers.smtp_sink import Delivery, SmtpSink
from tests.servers.tugi_server import TugiServer

SUPPORT = "support@northlight.example"


@dataclass
class Customer:
    """Somebody with a mail program. The desk's mail comes into `sink`."""

    name: str
    address: str
    server: TugiServer
    sink: SmtpSink

    @property
    def inbox(self) -> list[Delivery]:
        return self.sink.to(self.address)

    def write(self, subject: str, text: str, *, answers: EmailMessage | None = None) -> str:
        """A mail to support@, or to where `answers` wants its answers; gives its Message-ID."""
        mail = EmailMessage()
        mail["From"] = Address(self.name, addr_spec=self.address)
        mail["To"] = str(answers["Reply-To"] or answers["From"]) if answers else SUPPORT
        mail["Subject"], mail["Message-ID"] = subject, make_msgid(domain="customer.example")
        if answers:
            mail["In-Reply-To"] = mail["References"] = str(answers["Message-ID"])
        mail.set_content(text)
        with smtplib.SMTP("127.0.0.1", self.server.smtp_port) as line:
            line.send_message(mail)
        return str(mail["Message-ID"])

    def answer(self, mail: EmailMessage, text: str) -> None:
        self.write(f"Re: {mail['Subject']}", text, answers=mail)

    def mail(self, number: int) -> EmailMessage:
        """The mail of this number, 1 being the first, once it is there. Raises NotReady."""
        wait_until(lambda: len(self.inbox) >= number, f"mail {number} to {self.address}")
        return self.inbox[number - 1].message


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def html_of(mail: EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def link_in(mail: EmailMessage) -> str:
    """The address of the ticket's page."""
    found = re.search(r"http://\S+/t/[\w-]+", text_of(mail))
    assert found, text_of(mail)
    return found.group()
