"""Events that a consumer could not take: put aside, tried again with growing gaps, at last parked.

The rest of the log goes on meanwhile, but for the same ticket: its later events wait behind, so that
a consumer never sees a ticket's history out of order because of a hiccup. A parked event holds
nothing up; a person looks at it and has it tried again.
"""

from __future__ import annotations

import logging
import traceback
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from tugi.core import clock
from tugi.events import faults
from tugi.events.consumers import Consumer
from tugi.events.models import Event, ParkedEvent

MOST_ATTEMPTS = 8
logger = logging.getLogger(__name__)


def waiting(consumer: Consumer) -> QuerySet[ParkedEvent]:
    """What is to be tried again, in the log's order."""
    return ParkedEvent.objects.filter(consumer=consumer.name, parked_at=None).order_by("event__seq")


def consumers_to_retry() -> set[str]:
    """Names of the consumers with an attempt that is due."""
    due = ParkedEvent.objects.filter(parked_at=None, next_attempt_at__lte=clock.now())
    return set(due.values_list("consumer", flat=True))


def held_tickets(consumer: Consumer) -> set[int]:
    """Tickets with an event that waits for its next attempt."""
    tickets = waiting(consumer).values_list("event__ticket_id", flat=True)
    return {ticket_id for ticket_id in tickets if ticket_id is not None}


def hold(consumer: Consumer, event: Event) -> None:
    """Let the event wait behind an earlier one of its ticket."""
    ParkedEvent.objects.get_or_create(consumer=consumer.name, event=event)


def put_aside(consumer: Consumer, event: Event, error: Exception) -> ParkedEvent:
    """Record a failed attempt: when the next is due, or that there will be none."""
    logger.error("consumer %s failed on event %s", consumer.name, event.id, exc_info=error)
    setback, _made = ParkedEvent.objects.get_or_create(consumer=consumer.name, event=event)
    setback.attempts += 1
    setback.error = "".join(traceback.format_exception_only(error)).strip()[:1000]
    setback.next_attempt_at = clock.now() + timedelta(seconds=2 ** (setback.attempts - 1))
    setback.parked_at = clock.now() if setback.attempts >= MOST_ATTEMPTS else None
    setback.save()
    return setback


def retry_due(consumer: Consumer) -> int:
    """Try again what is due; gives how many attempts were made."""
    due = waiting(consumer).filter(next_attempt_at__lte=clock.now()).values_list("id", flat=True)
    return sum(_retry(consumer, setback_id) for setback_id in list(due[:100]))


def requeue(consumer: Consumer, event_id: int) -> bool:
    """Let a parked event be tried anew from the first attempt; False if it is not parked."""
    return bool(
        ParkedEvent.objects.filter(consumer=consumer.name, event_id=event_id).update(
            parked_at=None, attempts=0, next_attempt_at=clock.now()
        )
    )


def _retry(consumer: Consumer, setback_id: int) -> bool:
    setback: ParkedEvent | None = None
    try:
        with transaction.atomic():
            setback = _lock(setback_id)
            if setback is None or _stands_behind(consumer, setback):
                return False
            consumer.handle([(setback.event, setback.event.fact)])
            setback.delete()
    except Exception as error:
        if setback is None:
            raise
        if faults.is_the_machines(error):
            logger.warning("consumer %s waits for the database: %s", consumer.name, error)
            return False
        put_aside(consumer, setback.event, error)
    return True


def _lock(setback_id: int) -> ParkedEvent | None:
    rows = ParkedEvent.objects.select_for_update(skip_locked=True, of=("self",)).select_related("event")
    return rows.filter(id=setback_id, parked_at=None).first()


def _stands_behind(consumer: Consumer, setback: ParkedEvent) -> bool:
    event = setback.event
    if event.ticket_id is None:
        return False
    return waiting(consumer).filter(event__ticket_id=event.ticket_id, event__seq__lt=event.seq).exists()
