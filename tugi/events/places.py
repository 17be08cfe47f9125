"""Where each consumer stands in the log, and what lies before it."""

from __future__ import annotations

from django.db import connection

from tugi.events import stamping
from tugi.events.consumers import Consumer, consumers
from tugi.events.models import Cursor, Event, EventQuerySet


def pending(consumer: Consumer, *, after: int, upto: int | None = None) -> EventQuerySet:
    """The stamped events behind `after` that are for this consumer, in order."""
    events = Event.objects.stamped().filter(seq__gt=after)
    if upto is not None:
        events = events.filter(seq__lte=upto)
    if consumer.kinds is not None:
        events = events.filter(kind__in=sorted(consumer.kinds))
    return events if consumer.imports else events.exclude(origin="import")


def place_cursors() -> None:
    """Give each consumer that has none its cursor: the present end, or the start if it asks for it.

    Done at migration, so that nothing said between the first start of the web and that of the worker
    is lost, and again by each runner, for plug-ins that came without one.
    """
    if Cursor._meta.db_table not in connection.introspection.table_names():
        return
    end = stamping.head()
    placed = set(Cursor.objects.values_list("consumer", flat=True))
    Cursor.objects.bulk_create(
        [
            Cursor(consumer=consumer.name, seq=0 if consumer.from_start else end)
            for consumer in consumers().values()
            if consumer.name not in placed
        ],
        ignore_conflicts=True,
    )


def lock_cursor(name: str) -> Cursor | None:
    """The consumer's cursor, ours until the transaction ends; None while another process has it."""
    return Cursor.objects.select_for_update(skip_locked=True).filter(consumer=name).first()
