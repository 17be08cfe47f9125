"""One consumer reads on. A batch is tried whole; if it fails, again event by event, each for itself."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence

from django.db import connection, transaction

from tugi.core import clock
from tugi.events import faults, setbacks
from tugi.events.consumers import Consumer
from tugi.events.models import Cursor, Event
from tugi.events.places import lock_cursor, pending

BATCH = 100
SLICE_SECONDS = 0.1
"""A batch ends early after this long: with SQLite it keeps every writer waiting."""
logger = logging.getLogger(__name__)


def read_on(consumer: Consumer, head: int) -> bool:
    """Take the next events up to `head`; False if there were none, or another process is reading them, or the
    database failed: then all waits where it is until the next look, and no event is blamed.

    Raises only what the database itself raises when even a failure cannot be recorded.
    """
    try:
        return _take(consumer, head, BATCH)
    except Exception as error:  # noqa: BLE001  the batch is undone, and tried again one by one
        if faults.is_the_machines(error):
            return _wait(consumer, error)
        logger.warning("consumer %s: a batch failed and is taken one by one", consumer.name)
    return _take_singly(consumer, head)


def _take_singly(consumer: Consumer, head: int) -> bool:
    for _ in range(BATCH):
        try:
            more = _take(consumer, head, 1)
        except Exception as error:  # noqa: BLE001  whatever a handler raises is recorded with the event
            if faults.is_the_machines(error):
                return _wait(consumer, error)
            more = _step_over(consumer, head, error)
        if not more:
            break
    return True


def _wait(consumer: Consumer, error: Exception) -> bool:
    """Say so and leave the rest for later, on a connection that works."""
    logger.warning("consumer %s waits for the database: %s", consumer.name, error)
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
    return False


def _take(consumer: Consumer, head: int, limit: int) -> bool:
    with transaction.atomic():
        cursor = lock_cursor(consumer.name)
        if cursor is None:
            return False
        events = list(pending(consumer, after=cursor.seq, upto=head)[:limit])
        taken = _handle(consumer, events)
        reached = events[taken - 1].seq if events and (taken < len(events) or taken == limit) else head
        _move(cursor, reached)
    return bool(events)


def _handle(consumer: Consumer, events: Sequence[Event]) -> int:
    """Give how many were handled before the time was up."""
    held = setbacks.held_tickets(consumer) if events else set()
    ends_at = time.monotonic() + SLICE_SECONDS
    for start in range(0, len(events), consumer.at_once):
        part = events[start : start + consumer.at_once]
        _hand_over(consumer, part, held)
        if time.monotonic() > ends_at:
            return start + len(part)
    return len(events)


def _hand_over(consumer: Consumer, events: Sequence[Event], held: set[int]) -> None:
    for event in events:
        if event.ticket_id in held:
            setbacks.hold(consumer, event)
    said = [(event, event.fact) for event in events if event.ticket_id not in held]
    if said:
        consumer.handle(said)


def _step_over(consumer: Consumer, head: int, error: Exception) -> bool:
    """Put the next event aside and go on behind it."""
    with transaction.atomic():
        cursor = lock_cursor(consumer.name)
        event = pending(consumer, after=cursor.seq, upto=head).first() if cursor else None
        if cursor is None or event is None:
            return False
        setbacks.put_aside(consumer, event, error)
        _move(cursor, event.seq)
    return True


def _move(cursor: Cursor, seq: int | None) -> None:
    """Forward only: another runner that looked later may have brought the cursor past our `head`."""
    assert seq is not None, "only stamped events are read"
    if seq > cursor.seq:
        cursor.seq, cursor.moved_at = seq, clock.now()
        cursor.save(update_fields=["seq", "moved_at"])
