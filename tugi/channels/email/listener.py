"""Our own SMTP server (RFC 5321): takes mail for our mailboxes, and for nobody else.

It answers 250 only when the bytes are durable and the row is committed. Lines end with CR LF and nothing
else, so that what one server takes for the end of a mail cannot be smuggled past another.
"""

from __future__ import annotations

import asyncio
import contextvars
import errno
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from tugi.channels.email.actions import accept_raw
from tugi.channels.email.models import Mailbox, Via
from tugi.channels.email.routing import mailbox_for

IDENT = "Tugi"
MOST_CONNECTIONS = 100
MOST_RECIPIENTS = 100
MOST_MAILS_A_CONNECTION = 1000
IDLE_SECONDS = 120
LONGEST_LINE = 128 * 1024
"""RFC 5321 says 1,000; what real senders write is longer, and a mail is not lost over it."""
THREADS = 4
log = logging.getLogger(__name__)
R = TypeVar("R")


class MailboxGone(Exception):
    """A recipient that was taken has no mailbox any more: its mail must not be acknowledged."""


class Reception:
    """The answers to one client. Database and disk are asked in threads of their own."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients, send the rest in another mail"
        try:
            is_known = await self._in_thread(lambda: mailbox_for(address) is not None)
        except DatabaseError:
            log.exception("A recipient could not be looked up.")
            return "451 4.3.0 Cannot look up the recipient now, try again later"
        if not is_known:
            return "550 5.1.1 There is no such mailbox here, and mail is not passed on"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        try:
            await self._in_thread(lambda: _keep(session, envelope))
        except MailboxGone:
            return "451 4.3.0 A recipient is gone, try again later"
        except (DatabaseError, OSError) as error:
            log.exception("A mail could not be kept; its sender was asked to try again.")
            is_full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
            return "452 4.3.1 No room now, try again later" if is_full else "451 4.3.0 Try again later"
        finally:
            envelope.content = envelope.original_content = None
        return "250 2.0.0 Kept"

    async def handle_exception(self, error: Exception) -> str:
        log.error("The conversation with a mail client failed.", exc_info=error)
        return "451 4.3.0 Something went wrong here, try again later"

    async def _in_thread(self, work: Callable[[], R]) -> R:
        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: context.run(_with_fresh_connection, work))


class Conversation(SMTP):
    """aiosmtpd's server with a bound on how many there are at once."""

    line_length_limit = LONGEST_LINE
    open_now = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        Conversation.open_now += 1
        if Conversation.open_now > MOST_CONNECTIONS and isinstance(transport, asyncio.Transport):
            transport.write(b"421 4.7.0 Too many connections, try again later\r\n")
            transport.close()
            return
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        Conversation.open_now -= 1
        if self.session is not None:
            super().connection_lost(error)


def listen(host: str, port: int, stop: threading.Event, ready: Callable[[int], None] | None = None) -> None:
    """Serve until `stop` is set; `ready` gets the port. Raises OSError if the port is taken."""
    with ThreadPoolExecutor(THREADS, thread_name_prefix="smtp") as pool:
        asyncio.run(_serve(host, port, stop, pool, ready))
        for _ in range(THREADS):
            pool.submit(_close_connection)


async def _serve(
    host: str,
    port: int,
    stop: threading.Event,
    pool: ThreadPoolExecutor,
    ready: Callable[[int], None] | None,
) -> None:
    loop = asyncio.get_running_loop()

    def converse() -> SMTP:
        return Conversation(
            Reception(pool),
            data_size_limit=settings.MAX_MAIL_BYTES,
            enable_SMTPUTF8=True,
            hostname=host if host else "localhost",
            ident=IDENT,
            timeout=IDLE_SECONDS,
            command_call_limit={"DATA": MOST_MAILS_A_CONNECTION, "*": 5000},
            loop=loop,
        )

    server = await loop.create_server(converse, host, port)
    async with server:
        log.info("Mail is taken by SMTP at %s, port %s.", host, port)
        if ready is not None:
            ready(server.sockets[0].getsockname()[1])
        while not stop.is_set():
            await asyncio.sleep(0.2)


def _keep(session: Session, envelope: Envelope) -> None:
    """One row for each of our mailboxes among the recipients. Raises MailboxGone before any is written."""
    raw = envelope.original_content or b""
    reached: dict[Mailbox, list[str]] = {}
    for address in envelope.rcpt_tos:
        mailbox = mailbox_for(address)
        if mailbox is None:
            raise MailboxGone
        reached.setdefault(mailbox, []).append(address)
    for mailbox, addresses in reached.items():
        accept_raw(
            mailbox,
            raw,
            via=Via.SMTP,
            envelope_from=_bare(envelope.mail_from),
            envelope_to=tuple(dict.fromkeys(addresses)),
            peer=_peer(session),
        )


def _bare(mail_from: str | None) -> str:
    return (mail_from or "").strip("<> ")


def _peer(session: Session) -> str:
    peer: Any = session.peer
    return str(peer[0]) if isinstance(peer, tuple) else ""


def _with_fresh_connection(work: Callable[[], R]) -> R:
    close_old_connections()
    try:
        return work()
    finally:
        close_old_connections()


def _close_connection() -> None:
    connection.close()
