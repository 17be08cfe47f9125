"""One client, spoken to: aiosmtpd's commands, with our own way of taking the mail and of being on guard."""

# ruff: noqa: N802 - the names of commands are aiosmtpd's

from __future__ import annotations

import asyncio
import collections
import re
import ssl
from dataclasses import dataclass

from aiosmtpd.smtp import SMTP, Session

from tugi.channels.email.receiving import replies
from tugi.channels.email.receiving.data import Delivery, TooMuch, TooSlow
from tugi.channels.email.receiving.gate import Gate
from tugi.channels.email.receiving.reader import StrictProtocol
from tugi.channels.email.receiving.reception import Reception

IDENT = "Tugi"
LONGEST_COMMAND = 1024
MOST_OF_A_COMMAND = {"DATA": 1000, "MAIL": 1000, "NOOP": 100, "RSET": 1000, "*": 5000}
_PATH = re.compile(r'\s*<(?:@[^:<>"\s]*:)?((?:"(?:[^"\\]|\\.)*"|[^<>"\s])*)>(?:\s+(.*))?\s*')
_BARE_PATH = re.compile(r'\s*([^<>"\s]+)(?:\s+(.*))?\s*')


@dataclass(frozen=True)
class House:
    """What all conversations at one door share."""

    name: str
    gate: Gate
    reception: Reception
    most_bytes: int
    tls: ssl.SSLContext | None = None


class Conversation(SMTP, StrictProtocol):
    """SMTP (RFC 5321) with PIPELINING, SIZE, 8BITMIME, SMTPUTF8, STARTTLS; without BDAT and without AUTH."""

    command_size_limit = LONGEST_COMMAND
    command_size_limits: dict[str, int] = collections.defaultdict(lambda: LONGEST_COMMAND)
    is_lmtp = False

    def __init__(self, house: House, loop: asyncio.AbstractEventLoop) -> None:
        self.house = house
        self.peer: str | None = None
        super().__init__(
            house.reception,
            data_size_limit=house.most_bytes,
            enable_SMTPUTF8=True,
            hostname=house.name,
            ident=IDENT,
            tls_context=house.tls,
            timeout=house.gate.limits.idle_seconds,
            command_call_limit=MOST_OF_A_COMMAND,
            loop=loop,
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self.peer is None:  # and not the same connection, now behind TLS
            self.peer = self.house.gate.peer_of(address_of(transport.get_extra_info("peername")))
            refusal = self.house.gate.enter(self.peer)
            if refusal and isinstance(transport, asyncio.Transport):
                transport.write(refusal.encode() + b"\r\n")
                transport.close()
                return
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self.peer is not None:
            self.house.gate.leave(self.peer)
            self.peer = None
            if self.session is not None:
                super().connection_lost(error)

    def eof_received(self) -> bool | None:
        return super().eof_received() if self.session is not None else None

    async def push(self, status: str | bytes) -> None:
        """Answer; whoever is told to go is let go."""
        told = status if isinstance(status, str) else status.decode("ascii", "replace")
        await super().push(replies.enhanced(told))
        if told.startswith(replies.GOODBYE) and self.transport is not None:
            self.transport.close()

    async def smtp_EHLO(self, hostname: str) -> None:
        if not hostname:
            await self.push("501 5.5.4 Say who you are")
            return
        assert self.session is not None
        self.envelope = self._create_envelope()
        self.session.extended_smtp, self.session.host_name = True, hostname
        offers = ["PIPELINING", f"SIZE {self.house.most_bytes}", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"]
        if self.tls_context and not self._tls_protocol:
            offers.append("STARTTLS")
        lines = [f"250-{each}" for each in (self.hostname, *offers[:-1])]
        await super().push("\r\n".join([*lines, f"250 {offers[-1]}"]))

    async def smtp_AUTH(self, arg: str) -> None:
        """Nobody signs in here: mail is for us, or for nobody."""
        await self.push("502 5.5.1 There is nothing to sign in to")

    async def smtp_HELP(self, arg: str) -> None:
        await self.push("214 2.0.0 See RFC 5321")

    async def smtp_VRFY(self, arg: str) -> None:
        await self.push("252 2.5.0 Send a mail and see")

    async def smtp_DATA(self, arg: str) -> None:
        assert self.envelope is not None
        if arg or not self.envelope.rcpt_tos:
            await self.push("501 5.5.4 DATA takes nothing" if arg else "503 5.5.1 Name a recipient first")
        elif self.strict_reader.holds_more:
            await self.push(replies.TOO_EARLY)
        else:
            await self._take_mail()

    async def _take_mail(self) -> None:
        """From 354 to the last answer. Whatever fails between ends the connection: what follows is no command."""
        try:
            delivery = Delivery(self.house.most_bytes)
        except OSError as error:
            self.envelope = self._create_envelope()
            await self.push(self.house.reception.refusal_for(error))
            return
        try:
            with delivery.file:
                await self._converse_about(delivery)
        except Exception as error:  # noqa: BLE001 - it is logged, and the client told
            await self.house.reception.handle_exception(error)
            await self.push(replies.BROKEN)

    async def _converse_about(self, delivery: Delivery) -> None:
        assert self.session is not None
        limits = self.house.gate.limits
        self._reset_timeout(limits.grace_seconds + 2 * self.house.most_bytes / limits.slowest)
        await self.push("354 End with a lone dot")
        try:
            await delivery.receive(self.strict_reader, limits)
        except TooSlow:
            answers = [replies.TOO_SLOW]
        except TooMuch:
            answers = [replies.TOO_MUCH]
        else:
            answers = await self._answers(self.session, delivery)
        self.envelope = self._create_envelope()
        self._reset_timeout()
        for answer in answers:
            await self.push(answer)

    async def _answers(self, session: Session, delivery: Delivery) -> list[str]:
        """By LMTP one for each recipient. By SMTP one: the mail is taken for all of them or for none."""
        assert self.envelope is not None
        if refusal := self._refusal(delivery):
            told = [refusal] * len(self.envelope.rcpt_tos)
        else:
            told = await self.house.reception.keep(session, self.envelope, delivery.file)
        if self.is_lmtp:
            return told
        return [next((each for each in told if each != replies.KEPT), replies.KEPT)]

    def _refusal(self, delivery: Delivery) -> str:
        if delivery.is_too_large:
            return replies.TOO_LARGE
        if delivery.is_smuggled:
            return replies.SMUGGLED
        return "" if delivery.error is None else self.house.reception.refusal_for(delivery.error)

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """Address and parameters of MAIL and RCPT; the source route that some still write is left out."""
        match = _PATH.fullmatch(arg) or _BARE_PATH.fullmatch(arg)
        if match is None or not match[1].isprintable():
            return None, None
        return match[1] or "<>", match[2] or ""


class LmtpConversation(Conversation):
    """LMTP (RFC 2033): what a mail server in front of us speaks. It is told of each recipient by itself."""

    is_lmtp = True

    async def smtp_LHLO(self, hostname: str) -> None:
        await Conversation.smtp_EHLO(self, hostname)

    async def smtp_HELO(self, hostname: str) -> None:
        await self.push("500 5.5.1 This is LMTP: say LHLO")

    async def smtp_EHLO(self, hostname: str) -> None:
        await self.push("500 5.5.1 This is LMTP: say LHLO")


def address_of(peer: object) -> str:
    """The address in what a socket says of its other end; empty for one in the file system."""
    return str(peer[0]) if isinstance(peer, tuple) else ""
