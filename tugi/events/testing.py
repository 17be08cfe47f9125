"""What tests need of the log: to drain it, to let time act, and to see what was said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Max
from django.test import TransactionTestCase

from tugi.events import schedule, senders
from tugi.events.models import Event, ParkedEvent
from tugi.events.runner import Runner


def run_consumers(*, failures_allowed: bool = False) -> None:
    """Let every consumer read all there is, and what that leads to. A consumer that fails fails the test."""
    Runner().run_until_quiet()
    for setback in ParkedEvent.objects.select_related("event") if not failures_allowed else ():
        raise AssertionError(f"{setback.consumer} failed on {setback.event.kind}: {setback.error}")


def run_due(*names: str) -> None:
    """Do what has fallen due by now: the named due tasks and chores, or all of them."""
    for task in schedule.due_tasks().values():
        if not names or task.name in names:
            schedule.do_all(task)
    for chore in schedule.recurring_tasks().values():
        if chore.name in names or (not names and schedule.is_round(chore)):
            chore.run()


def run_sender(name: str) -> int:
    """Send what is due now; gives how many rows were tried."""
    sender, sent = senders.senders()[name], 0
    while senders.send_next(sender):
        sent += 1
    return sent


@contextmanager
def assert_events(*kinds: str) -> Iterator[list[Event]]:
    """What is done inside says exactly `kinds`, in this order. The list holds the events afterwards."""
    last = Event.objects.aggregate(last=Max("id"))["last"] or 0
    said: list[Event] = []
    yield said
    said += Event.objects.filter(id__gt=last).order_by("id")
    assert [event.kind for event in said] == list(kinds)


def let_flush_clear_the_log() -> None:
    """Let tests with real transactions empty their SQLite tables afterwards, the log's among them.

    Called before the first test. PostgreSQL truncates, which fires no trigger for rows.
    """
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
    if getattr(flush, "spares_the_log", True):
        teardown = _teardown_without_triggers(flush)
        TransactionTestCase._fixture_teardown = teardown  # type: ignore[attr-defined]


def _teardown_without_triggers(flush: Callable[[TransactionTestCase], None]) -> Any:
    def teardown(self: TransactionTestCase) -> None:
        with without_triggers():
            flush(self)

    teardown.spares_the_log = False  # type: ignore[attr-defined]
    return teardown


@contextmanager
def without_triggers() -> Iterator[None]:
    """The log's table unprotected, on SQLite only, and protected again."""
    triggers = _triggers() if connection.vendor == "sqlite" else []
    for name, _sql in triggers:
        _execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
    try:
        yield
    finally:
        for _name, sql in triggers:
            _execute(sql)


def _triggers() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'events_event'")
        return list(cursor.fetchall())


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
