"""What the database or the machine did wrong is no event's fault: nothing is counted, nothing is parked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import time_machine
from django.db import OperationalError, ProgrammingError, connection, transaction

from tugi.events import faults
from tugi.events.consumers import consumer
from tugi.events.facts import Fact
from tugi.events.models import Event, ParkedEvent
from tugi.events.testing import run_consumers
from tugi.events.tests.probes import note, noted, paint


class Reader:
    """Notes each event, and then does `first` so long as there is one."""

    def __init__(self, first: Callable[[], object]) -> None:
        self.first: Callable[[], object] | None = first
        consumer("probe.reader", from_start=True)(self.read)

    def read(self, event: Event, fact: Fact) -> None:
        note("reader", event)
        if self.first is not None:
            self.first()


def deadlock() -> None:
    raise OperationalError("deadlock detected")


def be_misled() -> None:
    """As code is that goes on in a transaction which is already lost."""
    try:
        deadlock()
    except OperationalError:
        raise ProgrammingError("the transaction is over")  # noqa: B904


def lose_the_connection() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


@pytest.mark.django_db
@pytest.mark.parametrize("fault", [deadlock, be_misled])
def test_an_event_waits_for_the_database_and_is_then_taken(fault: Callable[[], None]) -> None:
    reader = Reader(fault)
    events = [paint(1).id, paint(1).id]

    for _ in range(10):
        run_consumers()
    assert noted("reader") == []
    reader.first = None
    run_consumers()

    assert noted("reader") == events
    assert not ParkedEvent.objects.exists()


@pytest.mark.django_db
def test_a_second_attempt_that_the_database_breaks_off_is_not_counted(travel: time_machine.Traveller) -> None:
    def fail() -> None:
        raise ValueError

    reader = Reader(fail)
    event = paint(1)
    run_consumers(failures_allowed=True)
    reader.first = deadlock
    for _ in range(10):
        travel.shift(60)
        run_consumers(failures_allowed=True)
    assert ParkedEvent.objects.get().attempts == 1
    reader.first = None
    run_consumers()

    assert noted("reader") == [event.id]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no connection to lose")
def test_a_lost_connection_is_made_anew() -> None:
    reader = Reader(lose_the_connection)
    with transaction.atomic():
        event = paint(1)
    run_consumers()
    reader.first = None
    run_consumers()

    assert noted("reader") == [event.id]


@pytest.mark.django_db
def test_a_statement_that_makes_no_sense_is_not_the_machines_fault() -> None:
    reader = Reader(lambda: connection.cursor().execute("SELECT * FROM no_such_table"))
    paint(1)
    run_consumers(failures_allowed=True)
    reader.first = None

    assert ParkedEvent.objects.get().attempts == 1


def test_other_errors_are_not_the_machines() -> None:
    assert not faults.is_the_machines(ValueError())
