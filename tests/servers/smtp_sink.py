"""An SMTP server that keeps every mail it gets, and can be told to refuse, to dawdle, or to hang up."""

from __future__ import annotations

import asyncio
import email
import email.policy
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers.processes import free_port


@dataclass(frozen=True)
class Delivery:
    """One mail as it came over the wire."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        parsed = email.message_from_bytes(self.raw, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed


@dataclass
class SmtpSink:
    """`deliveries` grows as mail comes. `answers` are used up one a mail, then everything is taken.

    An answer is what the server says after DATA, such as "451 4.3.0 later"; "hang up" takes the mail and
    closes the connection without a word. `refused` maps a recipient to the answer to its RCPT TO.
    """

    host: str
    port: int
    deliveries: list[Delivery] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    delay_seconds: float = 0

    def wait_for(self, count: int, seconds: float = 20) -> list[Delivery]:
        """The deliveries, once there are that many. Raises AssertionError."""
        deadline = time.monotonic() + seconds
        while len(self.deliveries) < count:
            assert time.monotonic() < deadline, f"{len(self.deliveries)} of {count} mails came"
            time.sleep(0.02)
        return self.deliveries

    def to(self, address: str) -> list[Delivery]:
        return [delivery for delivery in self.deliveries if address in delivery.recipients]

    def clear(self) -> None:
        self.deliveries.clear()
        self.answers.clear()
        self.refused.clear()
        self.delay_seconds = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[Any]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.delay_seconds)
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("2") or answer == "hang up":
            assert isinstance(envelope.content, bytes)
            self.deliveries.append(Delivery(envelope.mail_from or "", tuple(envelope.rcpt_tos), envelope.content))
        if answer == "hang up" and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return answer


@contextmanager
def smtp_sink() -> Iterator[SmtpSink]:
    sink = SmtpSink("127.0.0.1", free_port())
    controller = Controller(sink, hostname=sink.host, port=sink.port, data_size_limit=200 * 1024 * 1024)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
