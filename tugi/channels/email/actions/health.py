"""What is written down about the health of mail."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.db.models import F

from tugi.channels.email.events import StorageLevelChanged
from tugi.channels.email.models import FolderReading, MailboxCursor, MailTally, RawMail, StorageLevel
from tugi.core import clock
from tugi.core.storage import Storage
from tugi.events.actors import Actor
from tugi.events.log import append

FINAL = (RawMail.State.DONE, RawMail.State.CANCELLED)
COUNTED_AT_ONCE = 1000


@transaction.atomic
def count_mails() -> bool:
    """Add mails whose outcome is final to their mailboxes' tallies, each once; True if there may be more."""
    found = RawMail.objects.filter(is_counted=False, state__in=FINAL).order_by("id")
    rows = list(
        found.select_for_update(skip_locked=True, of=("self",)).values_list(
            "id", "mailbox_id", "outcome", "received_at"
        )[:COUNTED_AT_ONCE]
    )
    newest: dict[tuple[int, str], datetime] = {}
    for _id, mailbox_id, outcome, received_at in rows:
        key = mailbox_id, outcome
        newest[key] = max(newest.get(key, received_at), received_at)
    for key, count in Counter((mailbox_id, outcome) for _id, mailbox_id, outcome, _at in rows).items():
        _add(*key, count, newest[key])
    RawMail.objects.filter(id__in=[row[0] for row in rows]).update(is_counted=True)
    return len(rows) == COUNTED_AT_ONCE


def _add(mailbox_id: int, outcome: str, count: int, newest: datetime) -> None:
    tally, _made = MailTally.objects.get_or_create(mailbox_id=mailbox_id, outcome=outcome, defaults={"last_at": newest})
    last_at = max(tally.last_at, newest)
    MailTally.objects.filter(pk=tally.pk).update(count=F("count") + count, last_at=last_at)


def begin_of(cursor: MailboxCursor) -> int:
    """Behind which UID mails of this folder are looked for here: where we stood when it was first compared."""
    known = FolderReading.objects.filter(
        mailbox=cursor.mailbox_id, folder=cursor.folder, uidvalidity=cursor.uidvalidity
    )
    begin: int | None = known.values_list("begin_uid", flat=True).first()
    return cursor.last_uid if begin is None else begin


def note_reading(
    cursor: MailboxCursor, *, begin_uid: int, newest_uid: int, on_server: int, waiting: int, compared: int, missing: int
) -> None:
    """Keep what a folder's server said, in place of what it said before."""
    FolderReading.objects.update_or_create(
        mailbox_id=cursor.mailbox_id,
        folder=cursor.folder,
        defaults={
            "uidvalidity": cursor.uidvalidity,
            "begin_uid": begin_uid,
            "newest_uid": newest_uid,
            "taken_uid": cursor.last_uid,
            "on_server": on_server,
            "waiting": waiting,
            "compared": compared,
            "missing": missing,
            "read_at": clock.now(),
        },
    )


@transaction.atomic
def note_storage(room: Storage, *, actor: Actor) -> tuple[int, int]:
    """Say it in the log, once, when the disk has crossed a mark; gives the mark before and now."""
    StorageLevel.objects.get_or_create(id=1, defaults={"changed_at": clock.now()})
    level = StorageLevel.objects.select_for_update().get(id=1)
    before, after = level.mark, room.mark_after(level.mark)
    if after != before:
        level.mark, level.changed_at = after, clock.now()
        level.save()
        append(StorageLevelChanged(before=before, after=after), actor=actor)
    return before, after
