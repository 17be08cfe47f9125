"""What becomes, on its IMAP server, of mail that was taken: moved or deleted, by UID, and nothing else with it.

Only what is durable here is touched, known by a row that was committed with the cursor. The row goes when the server
has confirmed, so that a crash in between does it again; a UID that is gone is then no error (RFC 3501 6.4.8).
"""

from __future__ import annotations

from collections.abc import Callable

from imapclient import DELETED, IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from tugi.channels.email.models import Afterwards, Mailbox, MailboxCursor
from tugi.channels.email.words import CannotFetch, told_by
from tugi.core.reasons import reason

AT_ONCE = 100


def tidy(client: IMAPClient, cursor: MailboxCursor, *, keep_on: Callable[[], bool]) -> None:
    """Move or delete, as the mailbox is told now, what was taken of the open folder. Raises CannotFetch."""
    while uids := list(cursor.taken.order_by("uid").values_list("uid", flat=True)[:AT_ONCE]):
        mailbox = Mailbox.objects.only("imap_afterwards", "imap_move_to").get(pk=cursor.mailbox_id)
        try:
            _carry_out(client, mailbox, uids)
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            raise CannotFetch(_refusal(mailbox, error)) from error
        cursor.taken.filter(uid__in=uids).delete()
        if not keep_on():
            return


def can_delete_alone(client: IMAPClient) -> bool:
    """Can the server delete one mail and nobody else's (UIDPLUS, RFC 4315)?"""
    return bool(client.has_capability("UIDPLUS"))


def _carry_out(client: IMAPClient, mailbox: Mailbox, uids: list[int]) -> None:
    if mailbox.imap_afterwards == Afterwards.MOVE:
        _move(client, uids, mailbox.imap_move_to)
    elif mailbox.imap_afterwards == Afterwards.DELETE:
        _delete(client, uids)


def _move(client: IMAPClient, uids: list[int], target: str) -> None:
    """By MOVE (RFC 6851), or by a copy and a deletion: a crash between these makes a second copy, and loses none."""
    if not client.folder_exists(target):
        client.create_folder(target)
    if client.has_capability("MOVE"):
        client.move(uids, target)
        return
    client.copy(uids, target)
    _delete(client, uids)


def _delete(client: IMAPClient, uids: list[int]) -> None:
    """Without UIDPLUS they stay marked as deleted: a plain EXPUNGE would take along what others have marked."""
    client.add_flags(uids, [DELETED], silent=True)
    if can_delete_alone(client):
        client.uid_expunge(uids)


def _refusal(mailbox: Mailbox, error: IMAPClientError) -> str:
    if mailbox.imap_afterwards == Afterwards.MOVE:
        return reason("mail.not_moved", told_by(error), name=mailbox.imap_move_to)
    return reason("mail.not_deleted", told_by(error))
