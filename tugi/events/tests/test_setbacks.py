from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from tugi.core import clock
from tugi.events import setbacks
from tugi.events.consumers import consumer, consumers
from tugi.events.facts import Fact
from tugi.events.models import Event, ParkedEvent
from tugi.events.testing import run_consumers
from tugi.events.tests.probes import note, noted, paint

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("travel")]


class Poison:
    """Events of these tickets make the reader fail."""

    def __init__(self, *tickets: int) -> None:
        self.tickets = set(tickets)

        @consumer("probe.reader", from_start=True)
        def read(event: Event, fact: Fact) -> None:
            note("reader", event)
            if event.ticket_id in self.tickets:
                raise ValueError(f"cannot take ticket {event.ticket_id}")


def run() -> None:
    run_consumers(failures_allowed=True)


def test_a_poisoned_event_does_not_hold_the_others_up() -> None:
    Poison(2)
    first, bad, last = paint(1), paint(2), paint(3)

    run()

    assert noted("reader") == [first.id, last.id]
    setback = ParkedEvent.objects.get()
    assert (setback.consumer, setback.event_id, setback.attempts) == ("probe.reader", bad.id, 1)
    assert setback.error == "ValueError: cannot take ticket 2"
    assert setback.next_attempt_at == clock.now() + timedelta(seconds=1)
    assert setback.parked_at is None


def test_a_cured_event_is_taken_at_its_next_attempt(travel: time_machine.Traveller) -> None:
    poison = Poison(2)
    event = paint(2)
    run()
    poison.tickets.clear()

    run()
    assert noted("reader") == []
    travel.shift(1)
    run()

    assert noted("reader") == [event.id]
    assert not ParkedEvent.objects.exists()


def test_later_events_of_the_ticket_wait_behind_and_keep_their_order(
    travel: time_machine.Traveller,
) -> None:
    poison = Poison(2)
    events = [paint(2).id]
    run()
    events += [paint(2).id, paint(2).id]
    other = paint(3).id
    run()
    assert noted("reader") == [other]
    poison.tickets.clear()

    travel.shift(1)
    run()

    assert noted("reader") == [other, *events]


def test_the_gaps_grow_until_the_event_is_parked(travel: time_machine.Traveller) -> None:
    Poison(2)
    paint(2)
    gaps = []
    run()
    while (setback := ParkedEvent.objects.get()).parked_at is None:
        gaps.append((setback.next_attempt_at - clock.now()).total_seconds())
        travel.move_to(setback.next_attempt_at)
        run()

    assert gaps == [1, 2, 4, 8, 16, 32, 64]
    assert setback.attempts == setbacks.MOST_ATTEMPTS
    travel.shift(100_000)
    run()
    assert ParkedEvent.objects.get().attempts == setbacks.MOST_ATTEMPTS


def test_a_parked_event_holds_nothing_up(travel: time_machine.Traveller) -> None:
    poison = Poison(2)
    paint(2)
    run()
    ParkedEvent.objects.update(parked_at=clock.now())
    poison.tickets.clear()

    later = paint(2)
    run()

    assert noted("reader") == [later.id]


def test_a_parked_event_is_tried_anew_when_someone_asks() -> None:
    poison = Poison(2)
    event = paint(2)
    run()
    ParkedEvent.objects.update(parked_at=clock.now(), attempts=8)
    poison.tickets.clear()

    assert setbacks.requeue(consumers()["probe.reader"], event.id)
    run()

    assert noted("reader") == [event.id]


def test_nothing_is_requeued_that_is_not_parked() -> None:
    Poison()

    assert not setbacks.requeue(consumers()["probe.reader"], paint().id)


def test_a_failing_consumer_fails_the_test_that_drains_the_log() -> None:
    Poison(2)
    paint(2)

    with pytest.raises(AssertionError, match=r"probe\.reader failed on probe\.painted: ValueError"):
        run_consumers()


@pytest.mark.django_db(transaction=True)
def test_what_only_the_commit_refuses_is_put_aside_too() -> None:
    @consumer("probe.reader", from_start=True)
    def read(event: Event, fact: Fact) -> None:
        ParkedEvent.objects.create(consumer="nobody", event_id=event.id + 1_000)

    from django.db import transaction

    with transaction.atomic():
        event = paint()
    run()

    setback = ParkedEvent.objects.get()
    assert (setback.consumer, setback.event_id) == ("probe.reader", event.id)
    assert "IntegrityError" in setback.error
