"""Asking the servers what lies in the folders we fetch, and comparing it with what we have. Changes nothing there."""

from __future__ import annotations

import logging

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from tugi.channels.email.accounts import imap_account
from tugi.channels.email.actions.health import begin_of, note_reading
from tugi.channels.email.actions.raw import key_of_head
from tugi.channels.email.imap_sessions import signed_in
from tugi.channels.email.models import Mailbox, MailboxCursor, Protocol, RawMail
from tugi.channels.email.words import CannotFetch, told_by

MOST_COMPARED = 100
HEADER = "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"
HEADER_ANSWER = b"BODY[HEADER.FIELDS (MESSAGE-ID)]"
STATUS = ("MESSAGES", "UIDNEXT", "UIDVALIDITY")
log = logging.getLogger(__name__)


def read_folders(mailbox: Mailbox) -> None:
    """Write down how each folder of this mailbox stands. Raises CannotFetch."""
    cursors = _newest_cursors(mailbox)
    if not cursors:
        return
    with signed_in(imap_account(mailbox)) as client:
        for cursor in cursors:
            _read_or_pass(client, cursor)


def read_all() -> None:
    """Ask each IMAP server that works. One that does not is said by its fetching, and asked again next time."""
    for mailbox in Mailbox.objects.fetched().filter(failures=0, fetch_protocol=Protocol.IMAP):
        try:
            read_folders(mailbox)
        except CannotFetch as refused:
            log.info("The folders of mailbox %s could not be compared: %s", mailbox.pk, refused.reason)


def _newest_cursors(mailbox: Mailbox) -> list[MailboxCursor]:
    """The last numbering of each folder that is fetched."""
    cursors = MailboxCursor.objects.filter(mailbox=mailbox, folder__in=mailbox.compared_folders).order_by("id")
    return list({cursor.folder: cursor for cursor in cursors}.values())


def _read_or_pass(client: IMAPClient, cursor: MailboxCursor) -> None:
    """One folder that its server fails over keeps nothing from the others."""
    try:
        _read(client, cursor)
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        log.info("Folder %s of mailbox %s could not be compared: %s", cursor.folder, cursor.mailbox_id, told_by(error))


def _read(client: IMAPClient, cursor: MailboxCursor) -> None:
    status = client.folder_status(cursor.folder, STATUS)
    if int(status.get(b"UIDVALIDITY", 0)) != cursor.uidvalidity:
        return  # numbered anew: the next fetch sees to it
    client.select_folder(cursor.folder, readonly=True)
    begin = begin_of(cursor)
    waiting = [uid for uid in client.search(["UID", f"{cursor.last_uid + 1}:*"]) if uid > cursor.last_uid]
    compared, missing = _compare(client, cursor, begin)
    note_reading(
        cursor,
        begin_uid=begin,
        newest_uid=int(status.get(b"UIDNEXT", 1)) - 1,
        on_server=int(status.get(b"MESSAGES", 0)),
        waiting=len(waiting),
        compared=compared,
        missing=missing,
    )


def _compare(client: IMAPClient, cursor: MailboxCursor, begin: int) -> tuple[int, int]:
    """How many of the newest mails that we have passed were looked for here, and how many are not here."""
    if cursor.last_uid <= begin:
        return 0, 0
    passed = sorted(uid for uid in client.search(["UID", f"{begin + 1}:{cursor.last_uid}"]) if uid > begin)
    newest = passed[-MOST_COMPARED:]
    if not newest:
        return 0, 0
    keys = _keys(client, newest)
    # In any mailbox: a mail that was meant for another one of ours is kept with that.
    here = RawMail.objects.filter(mailbox__in=Mailbox.objects.all(), dedupe_key__in=keys)
    return len(keys), len(keys - set(here.values_list("dedupe_key", flat=True)))


def _keys(client: IMAPClient, uids: list[int]) -> set[str]:
    """By what these mails are known. One that its server fails over tells nothing, and holds up no other."""
    try:
        answers = client.fetch(uids, [HEADER]).values()
    except IMAPClientAbortError:
        raise
    except IMAPClientError:
        half = len(uids) // 2
        return _keys(client, uids[:half]) | _keys(client, uids[half:]) if half else set()
    return {key for answer in answers if (key := key_of_head(answer.get(HEADER_ANSWER) or b""))}
