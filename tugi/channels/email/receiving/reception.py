"""The answers to a client: is there such a mailbox, and is its mail kept? Asked of database and disk, in threads."""

from __future__ import annotations

import asyncio
import contextvars
import errno
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any, TypeVar

from aiosmtpd.smtp import Envelope, Session
from django.db import DatabaseError, close_old_connections

from tugi.channels.email.actions import accept_raw
from tugi.channels.email.models import Mailbox, Via
from tugi.channels.email.receiving import replies
from tugi.channels.email.receiving.gate import Gate
from tugi.channels.email.receiving.reader import BareLineEnd
from tugi.channels.email.routing import mailbox_for

MOST_RECIPIENTS = 50
FULL = (errno.ENOSPC, errno.EDQUOT)
SQLITE_FULL = "SQLITE_FULL"
DISK_FULL = "53100"
"""SQLSTATE of PostgreSQL."""
log = logging.getLogger(__name__)
R = TypeVar("R")


class Reception:
    """aiosmtpd calls the methods whose names begin with `handle_`."""

    def __init__(self, pool: ThreadPoolExecutor, gate: Gate, via: Via) -> None:
        self._pool = pool
        self._gate = gate
        self._via = via

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not self._gate.may(server.peer or "", "mails"):
            return replies.TOO_MANY_MAILS
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return replies.TOO_MANY_RECIPIENTS
        try:
            is_known = await self._in_thread(lambda: mailbox_for(address) is not None)
        except DatabaseError:
            log.exception("A recipient could not be looked up.")
            return replies.CANNOT_LOOK_UP
        if not is_known:
            return replies.UNKNOWN if self._gate.may(server.peer or "", "unknown") else replies.TOO_MANY_UNKNOWN
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_exception(self, error: Exception) -> str:
        if isinstance(error, BareLineEnd):
            return replies.BARE_LINE_END
        log.error("The conversation with a mail client failed.", exc_info=error)
        return replies.WRONG

    async def keep(self, session: Session, envelope: Envelope, file: IO[bytes]) -> list[str]:
        """Keep the mail in each of our mailboxes among the recipients; an answer for each recipient, in order."""
        return await self._in_thread(lambda: self._keep(session, envelope, file))

    def refusal_for(self, error: DatabaseError | OSError) -> str:
        log.error("A mail could not be kept; its sender was asked to try again.", exc_info=error)
        return replies.NO_ROOM if _is_full(error) else replies.TRY_AGAIN

    def _keep(self, session: Session, envelope: Envelope, file: IO[bytes]) -> list[str]:
        try:
            found = {address: mailbox_for(address) for address in envelope.rcpt_tos}
        except DatabaseError as error:
            return [self.refusal_for(error)] * len(envelope.rcpt_tos)
        reached: dict[Mailbox, list[str]] = {}
        for address, mailbox in found.items():
            if mailbox is not None:
                reached.setdefault(mailbox, []).append(address)
        if len(reached) < len(set(found.values())) and self._via == Via.SMTP:
            return [replies.GONE] * len(envelope.rcpt_tos)
        answers = {mailbox: self._keep_in(mailbox, to, session, envelope, file) for mailbox, to in reached.items()}
        told = (found[address] for address in envelope.rcpt_tos)
        return [replies.GONE if mailbox is None else answers[mailbox] for mailbox in told]

    def _keep_in(
        self, mailbox: Mailbox, addresses: list[str], session: Session, envelope: Envelope, file: IO[bytes]
    ) -> str:
        file.seek(0)
        try:
            accept_raw(
                mailbox,
                file,
                via=self._via,
                envelope_from=(envelope.mail_from or "").strip("<> "),
                envelope_to=tuple(addresses),
                peer=_peer(session),
            )
        except (DatabaseError, OSError) as error:
            return self.refusal_for(error)
        return replies.KEPT

    async def _in_thread(self, work: Callable[[], R]) -> R:
        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: context.run(_with_fresh_connection, work))


def _is_full(error: BaseException | None) -> bool:
    """A full disk, said by the system, by SQLite or by PostgreSQL?"""
    while error is not None:
        if isinstance(error, OSError) and error.errno in FULL:
            return True
        if getattr(error, "sqlite_errorname", "") == SQLITE_FULL or getattr(error, "sqlstate", "") == DISK_FULL:
            return True
        error = error.__cause__
    return False


def _peer(session: Session) -> str:
    peer: Any = session.peer
    return str(peer[0]) if isinstance(peer, tuple) else ""


def _with_fresh_connection(work: Callable[[], R]) -> R:
    close_old_connections()
    try:
        return work()
    finally:
        close_old_connections()
