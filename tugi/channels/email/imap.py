"""Fetching mail by IMAP (RFC 3501). Reads on from a UID in each folder and depends on no flag.

Each mail is durable before the cursor passes it; a crash in between fetches it again and finds it known. What is
moved or deleted on the server afterwards is in `tidying.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import transaction
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from tugi.channels.email.accounts import imap_account
from tugi.channels.email.actions import accept_raw
from tugi.channels.email.cursors import MESSAGE_ID, already_here, cursor_of
from tugi.channels.email.imap_sessions import open_folder, signed_in
from tugi.channels.email.models import Mailbox, MailboxCursor, Outcome, TakenMail, Via
from tugi.channels.email.tidying import tidy
from tugi.channels.email.words import CannotFetch, told_by
from tugi.core.reasons import reason

BATCH = 50
BATCH_BYTES = 8 * 1024 * 1024
PATIENCE = 6
"""So many fetches in a row fail, some minutes in all, before a single mail is given up for the others' sake."""
CHUNK = 1024 * 1024
"""A mail larger than this comes in pieces: a literal is held in memory twice while it is read."""


def fetch(mailbox: Mailbox, *, keep_on: Callable[[], bool] = lambda: True) -> str:
    """Take in all that is new. Asks `keep_on` after each batch.

    Gives what is wrong with one of several folders, which keeps nothing from the others. Raises CannotFetch.
    """
    troubles: list[CannotFetch] = []
    with signed_in(imap_account(mailbox)) as client:
        for folder in mailbox.folders:
            try:
                _fetch_folder(client, mailbox, folder, keep_on)
            except CannotFetch as refused:
                troubles.append(refused)
            if not keep_on():
                break
    if troubles and len(troubles) == len(mailbox.folders):
        raise troubles[0]
    return troubles[0].reason if troubles else ""


def _fetch_folder(client: IMAPClient, mailbox: Mailbox, folder: str, keep_on: Callable[[], bool]) -> None:
    """Ends as soon as somebody else has moved the cursor: the next fetch begins there."""
    cursor = cursor_of(client, mailbox, folder, open_folder(client, folder, readonly=mailbox.is_kept_there))
    for batch in _batches(client, cursor.last_uid):
        _take_batch(client, mailbox, cursor, batch)
        if cursor.last_uid != batch[-1][0] or not keep_on():
            break
    tidy(client, cursor, keep_on=keep_on)


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


def _take_batch(client: IMAPClient, mailbox: Mailbox, cursor: MailboxCursor, batch: list[tuple[int, int]]) -> None:
    known = already_here(client, mailbox, cursor, batch)
    small = [uid for uid, size in batch if 0 < size <= CHUNK and uid not in known]
    bodies = _bodies(client, small)
    for uid, size in batch:
        is_taken = uid not in known and _take_or_leave(client, mailbox, cursor, uid, size, bodies.get(uid, b""))
        if not _advance(cursor, uid, is_to_go=is_taken and not mailbox.is_kept_there):
            return


def _bodies(client: IMAPClient, uids: list[int]) -> dict[int, bytes]:
    """These mails at once; none, if the server fails over one of them: then each is asked for alone."""
    try:
        answers = client.fetch(uids, ["BODY.PEEK[]"]) if uids else {}
    except IMAPClientAbortError:
        raise
    except IMAPClientError:
        return {}
    return {uid: told.get(b"BODY[]") or b"" for uid, told in answers.items()}


def _take_or_leave(
    client: IMAPClient, mailbox: Mailbox, cursor: MailboxCursor, uid: int, size: int, body: bytes
) -> bool:
    """As `_take`; a mail that its server fails over again and again is shown as not processed, and left there."""
    try:
        return _take(client, mailbox, uid, size, body)
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        if mailbox.failures < PATIENCE:
            raise
        why = reason("mail.not_given", told_by(error), folder=cursor.folder)
        where = f"Subject: {cursor.folder} / {cursor.uidvalidity} / {uid}\r\n".encode()
        trace = where + (_message_id(client, uid) or b"\r\n")
        accept_raw(mailbox, trace, via=Via.IMAP, outcome=Outcome.NOT_GIVEN, error=why, size=size)
        return False


def _message_id(client: IMAPClient, uid: int) -> bytes:
    """The line of the header by which the mail is known, and the empty one behind it; if the server gives them."""
    try:
        told = client.fetch([uid], [MESSAGE_ID]).get(uid, {})
    except IMAPClientAbortError:
        raise
    except IMAPClientError:
        return b""
    return next((bytes(value) for name, value in told.items() if name.startswith(b"BODY[HEADER.FIELDS")), b"")


def _take(client: IMAPClient, mailbox: Mailbox, uid: int, size: int, body: bytes) -> bool:
    """Keep one mail, durably; False if no more than its header is kept, or somebody removed it meanwhile."""
    most = settings.MAX_MAIL_BYTES
    raw = b"" if size > most else body or _in_pieces(client, uid)
    if max(size, len(raw)) > most:
        _keep_header(client, mailbox, uid, max(size, len(raw)))
        return False
    if raw:
        accept_raw(mailbox, raw, via=Via.IMAP)
    return bool(raw)


@transaction.atomic
def _advance(cursor: MailboxCursor, uid: int, *, is_to_go: bool) -> bool:
    """Move the cursor on; False if it no longer stands where we left it. `is_to_go`: to be moved or deleted there."""
    here = MailboxCursor.objects.filter(pk=cursor.pk, last_uid=cursor.last_uid)
    if not here.update(last_uid=uid):
        return False
    if is_to_go:
        TakenMail.objects.bulk_create([TakenMail(cursor=cursor, uid=uid)], ignore_conflicts=True)
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
