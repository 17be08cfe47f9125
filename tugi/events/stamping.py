"""Gives committed events their `seq`: consecutive, in order of id, by one process at a time.

PostgreSQL hands out ids before commit, so a reader that asks for "id greater than my last" skips an
event that commits late. Writers do nothing about it. Whoever holds the head's lock numbers what is
visible now; what becomes visible later is numbered later. Everything downstream reads by `seq`.
"""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models import Max

from tugi.events import bell
from tugi.events.models import Event, Head

BATCH = 1000
_HEAD = "SELECT seq FROM events_head WHERE id = 1"
NUMBER = """
    UPDATE events_event SET seq = numbered.seq
    FROM (
        SELECT id, %s + row_number() OVER (ORDER BY id) AS seq
        FROM (SELECT id FROM events_event WHERE seq IS NULL ORDER BY id LIMIT %s) AS unstamped
    ) AS numbered
    WHERE events_event.id = numbered.id
"""


def stamp() -> int:
    """Number all that is committed and give the last `seq`. Leaves the work to another that is at it."""
    if Event.objects.unstamped().exists():
        while _stamp_batch() == BATCH:
            pass
    return head()


def head() -> int:
    """The last `seq` given out; 0 for an empty log."""
    with connection.cursor() as cursor:
        cursor.execute(_HEAD)
        row = cursor.fetchone()
    return row[0] if row else place_head()


def place_head() -> int:
    """Make the head's row where there is none yet."""
    last = Event.objects.aggregate(last=Max("seq"))["last"] or 0
    return Head.objects.get_or_create(id=1, defaults={"seq": last})[0].seq


def _stamp_batch() -> int:
    with transaction.atomic():
        row = Head.objects.select_for_update(skip_locked=True).first()
        count = _number(row) if row else 0
        if count:
            bell.ring(bell.STAMPED)
    return count


def _number(row: Head) -> int:
    with connection.cursor() as cursor:
        cursor.execute(NUMBER, [row.seq, BATCH])
        count = int(cursor.rowcount)
    row.seq += count
    row.save(update_fields=["seq"])
    return count
