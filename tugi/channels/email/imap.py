"""Fetching mail by IMAP (RFC 3501). Reads on from a UID, touches no flag, moves and deletes nothing.

Each mail is durable before the cursor passes it; a crash in between fetches it again and finds it known.
"""

from __future__ import annotations

import imaplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError

from tugi.channels.email.accounts import Account, imap_account
from tugi.channels.email.actions import accept_raw
from tugi.channels.email.cursors import cursor_of
from tugi.channels.email.models import Mailbox, MailboxCursor, Outcome, Security, Via
from tugi.channels.email.words import LONGEST, connection_reason
from tugi.core.reasons import reason
from tugi.core.text import shorten, single_line

TIMEOUT = SocketTimeout(connect=15, read=60)
BATCH = 50
BATCH_BYTES = 8 * 1024 * 1024
CHUNK = 1024 * 1024
"""A mail larger than this comes in pieces: a literal is held in memory twice while it is read."""


class CannotFetch(Exception):
    """Why there is no mail, as `reason(…)` makes it. `is_password`: trying again soon could lock the account."""

    def __init__(self, reason: str, *, is_password: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_password = is_password


def fetch(mailbox: Mailbox, *, keep_on: Callable[[], bool] = lambda: True) -> int:
    """Take in all that is new; gives how many mails. Asks `keep_on` after each batch. Raises CannotFetch.

    Ends as soon as somebody else has moved the cursor: the next fetch begins there.
    """
    with signed_in(imap_account(mailbox)) as client:
        cursor = _select(client, mailbox)
        taken = 0
        for batch in _batches(client, cursor.last_uid):
            taken += _take_batch(client, mailbox, cursor, batch)
            if cursor.last_uid != batch[-1][0] or not keep_on():
                break
        return taken


def folder_size(client: IMAPClient, folder: str) -> int:
    """How many mails lie in the folder. Raises CannotFetch if there is none of that name."""
    return int(_open_folder(client, folder).get(b"EXISTS", 0))


@contextmanager
def signed_in(account: Account) -> Iterator[IMAPClient]:
    """A session as the account asks. Raises CannotFetch for whatever goes wrong in it."""
    try:
        client = _connect(account)
    except (OSError, IMAPClientError, imaplib.IMAP4.error) as error:
        raise CannotFetch(connection_reason(error, account)) from error
    try:
        _sign_in(client, account)
        yield client
    except (OSError, IMAPClientError, imaplib.IMAP4.error) as error:
        raise CannotFetch(connection_reason(error, account)) from error
    finally:
        with suppress(OSError, IMAPClientError, imaplib.IMAP4.error):
            client.logout()


def _connect(account: Account) -> IMAPClient:
    if account.security == Security.PLAIN and not account.may_be_plain:
        raise CannotFetch(reason("mail.not_private"))
    is_tls = account.security == Security.TLS
    context = ssl.create_default_context()
    try:
        client = IMAPClient(
            account.host,
            account.port,
            ssl=is_tls,
            ssl_context=context if is_tls else None,
            timeout=TIMEOUT,
            use_uid=True,
        )
        client.normalise_times = False  # moments with their zone
    except imaplib.IMAP4.error as error:
        raise CannotFetch(_greeting_reason(error, account)) from error
    except UnicodeError as error:
        raise socket.gaierror(str(error)) from error
    if account.security == Security.STARTTLS:
        _start_tls(client, account, context)
    return client


def _greeting_reason(error: imaplib.IMAP4.error, account: Account) -> str:
    """Why a server greets us with a refusal. What another program says there is nobody's business."""
    said = error.args[0] if error.args else b""
    if isinstance(said, bytes) and said.startswith(b"* "):
        return reason("desk.said", shorten(single_line(said[2:].decode("utf-8", "replace")), LONGEST))
    return reason("mail.no_imap", host=account.host, port=account.port)


def _start_tls(client: IMAPClient, account: Account, context: ssl.SSLContext) -> None:
    if not client.has_capability("STARTTLS"):
        with suppress(OSError, IMAPClientError, imaplib.IMAP4.error):
            client.shutdown()
        raise CannotFetch(reason("mail.no_starttls", host=account.host, port=account.port))
    client.starttls(context)


def _sign_in(client: IMAPClient, account: Account) -> None:
    try:
        client.login(account.username, account.password.reveal())
    except LoginError as error:
        raise CannotFetch(reason("mail.sign_in_refused"), is_password=True) from error


def _select(client: IMAPClient, mailbox: Mailbox) -> MailboxCursor:
    """Open the folder for reading only, and find how far it was read."""
    return cursor_of(client, mailbox, _open_folder(client, mailbox.imap_folder))


def _open_folder(client: IMAPClient, folder: str) -> dict[bytes, Any]:
    try:
        answer: dict[bytes, Any] = client.select_folder(folder, readonly=True)
    except IMAPClientError as error:
        raise CannotFetch(reason("mail.no_folder", name=folder)) from error
    return answer


def _batches(client: IMAPClient, last_uid: int) -> Iterator[list[tuple[int, int]]]:
    """(UID, size) of what is new, in the order it came, a bounded number of mails and bytes at a time."""
    found = sorted(uid for uid in client.search(["UID", f"{last_uid + 1}:*"]) if uid > last_uid)
    for start in range(0, len(found), BATCH):
        sizes = client.fetch(found[start : start + BATCH], ["RFC822.SIZE"])
        batch: list[tuple[int, int]] = []
        for uid in found[start : start + BATCH]:
            size = int(sizes.get(uid, {}).get(b"RFC822.SIZE", 0))
            if batch and sum(each for _uid, each in batch) + size > BATCH_BYTES:
                yield batch
                batch = []
            batch.append((uid, size))
        yield batch


def _take_batch(client: IMAPClient, mailbox: Mailbox, cursor: MailboxCursor, batch: list[tuple[int, int]]) -> int:
    small = [uid for uid, size in batch if 0 < size <= CHUNK]
    bodies = client.fetch(small, ["BODY.PEEK[]"]) if small else {}
    for taken, (uid, size) in enumerate(batch, start=1):
        raw = b"" if size > settings.MAX_MAIL_BYTES else bodies.get(uid, {}).get(b"BODY[]") or _in_pieces(client, uid)
        if max(size, len(raw)) > settings.MAX_MAIL_BYTES:
            _keep_header(client, mailbox, uid, max(size, len(raw)))
        elif raw:  # nothing: somebody else removed it meanwhile
            accept_raw(mailbox, raw, via=Via.IMAP)
        if not _advance(cursor, uid):
            return taken
    return len(batch)


def _advance(cursor: MailboxCursor, uid: int) -> bool:
    """Move the cursor on; False if it no longer stands where we left it."""
    here = MailboxCursor.objects.filter(pk=cursor.pk, last_uid=cursor.last_uid)
    if not here.update(last_uid=uid):
        return False
    cursor.last_uid = uid
    return True


def _in_pieces(client: IMAPClient, uid: int) -> bytes:
    """The mail to its end, but not far beyond the limit. Servers are known that tell a wrong RFC822.SIZE."""
    raw = bytearray()
    while len(raw) <= settings.MAX_MAIL_BYTES:
        answer = client.fetch([uid], [f"BODY.PEEK[]<{len(raw)}.{CHUNK}>"]).get(uid, {})
        piece: bytes = answer.get(f"BODY[]<{len(raw)}>".encode()) or b""
        if not piece:
            break
        raw += piece
    return bytes(raw)


def _keep_header(client: IMAPClient, mailbox: Mailbox, uid: int, size: int) -> None:
    """A mail beyond the limit is not dropped in silence: its header is kept and shown as not processed."""
    answer = client.fetch([uid], ["BODY.PEEK[HEADER]<0.65536>"]).get(uid, {})
    header = next((bytes(value) for key, value in answer.items() if key.startswith(b"BODY[HEADER]")), b"")
    error = reason("mail.too_large", size=size, most=settings.MAX_MAIL_BYTES)
    accept_raw(mailbox, header, via=Via.IMAP, outcome=Outcome.TOO_LARGE, error=error, size=size)
