"""Where in a folder reading begins: at its first opening, and when its server has numbered it anew.

UIDs mean something under one UIDVALIDITY only (RFC 3501 2.3.1.1). After a change of it everything is read again that
came since the folder was first opened. What is here already is known by its Message-ID and its size, and otherwise
by its bytes or its words, and said once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from imapclient import IMAPClient

from tugi.channels.email.actions.raw import key_of_head
from tugi.channels.email.models import Mailbox, MailboxCursor, Outcome, RawMail, Start, TakenMail
from tugi.core import clock
from tugi.core.inserting import insert_unless_there

MARGIN = timedelta(hours=1)
"""How far the clocks of the mail server and of the desk may be apart, and how long a mail may take into its folder."""
ONE_DAY = timedelta(days=1)
LOOK_AT_ONCE = 500
MESSAGE_ID = "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"


def cursor_of(client: IMAPClient, mailbox: Mailbox, folder: str, answer: dict[bytes, Any]) -> MailboxCursor:
    """How far the opened folder was read; `answer` is the server's to its opening.

    A new cursor is in the database before anything is fetched.
    """
    there = MailboxCursor.objects.filter(mailbox=mailbox, folder=folder)
    uidvalidity = int(answer.get(b"UIDVALIDITY", 0))
    known = there.filter(uidvalidity=uidvalidity).first()
    if known is not None:
        return known
    new = MailboxCursor(mailbox=mailbox, folder=folder, uidvalidity=uidvalidity, began_at=clock.now())
    before = there.order_by("id").first()
    if before is not None:
        new.began_at = before.began_at or mailbox.created_at
        new.known_to = _end(client, answer)
    if mailbox.imap_start == Start.NEW:
        new.last_uid = _end(client, answer) if before is None else _behind_what_came_before(client, new)
    return _made(new)


def already_here(
    client: IMAPClient, mailbox: Mailbox, cursor: MailboxCursor, batch: list[tuple[int, int]]
) -> frozenset[int]:
    """Which mails (UID, size) of a folder that was numbered anew we have: they need not come a second time."""
    sizes = {uid: size for uid, size in batch if uid <= cursor.known_to}
    if not sizes:
        return frozenset()
    keys = {uid: _key(told) for uid, told in client.fetch(list(sizes), [MESSAGE_ID]).items()}
    rows = RawMail.objects.filter(mailbox=mailbox, dedupe_key__in=[key for key in keys.values() if key])
    have = set(rows.exclude(outcome=Outcome.NOT_GIVEN).values_list("dedupe_key", "size"))
    return frozenset(uid for uid, size in sizes.items() if (keys.get(uid), size) in have)


@transaction.atomic
def _made(cursor: MailboxCursor) -> MailboxCursor:
    """Keep a new cursor, unless another fetcher has just done so. What was still to be moved or deleted under older
    numbers is anybody's now."""
    if not insert_unless_there(cursor):
        return MailboxCursor.objects.get(
            mailbox=cursor.mailbox_id, folder=cursor.folder, uidvalidity=cursor.uidvalidity
        )
    TakenMail.objects.filter(cursor__mailbox=cursor.mailbox_id, cursor__folder=cursor.folder).delete()
    return cursor


def _behind_what_came_before(client: IMAPClient, cursor: MailboxCursor) -> int:
    """The UID behind which lies what came since the folder was first opened; 0 for its beginning."""
    assert cursor.began_at is not None
    later = _came_after(client, cursor.began_at - MARGIN)
    return min(later) - 1 if later else cursor.known_to


def _end(client: IMAPClient, answer: dict[bytes, Any]) -> int:
    """The highest UID that a mail in the folder can have. Some servers do not tell the next one."""
    if b"UIDNEXT" in answer:
        return int(answer[b"UIDNEXT"]) - 1
    return max(client.search(["ALL"]), default=0)


def _came_after(client: IMAPClient, moment: datetime) -> list[int]:
    """The mails that came into the folder since then. SINCE knows only days, in the server's zone."""
    recent = sorted(client.search(["SINCE", (moment - ONE_DAY).date()]))
    found: list[int] = []
    for start in range(0, len(recent), LOOK_AT_ONCE):
        dates = client.fetch(recent[start : start + LOOK_AT_ONCE], ["INTERNALDATE"])
        found += [uid for uid, told in dates.items() if _is_after(told.get(b"INTERNALDATE"), moment)]
    return found


def _is_after(came_at: datetime | None, moment: datetime) -> bool:
    """A mail whose time nobody tells is taken."""
    return came_at is None or came_at >= moment


def _key(told: dict[bytes, Any]) -> str:
    head = next((value for name, value in told.items() if name.startswith(b"BODY[HEADER.FIELDS")), None)
    return key_of_head(head or b"")
