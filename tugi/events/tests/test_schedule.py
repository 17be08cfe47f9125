from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured

from tugi.core import clock
from tugi.events import schedule
from tugi.events.schedule import Clockwork, due, every
from tugi.events.testing import run_due

pytestmark = pytest.mark.django_db


def test_a_due_task_goes_on_as_long_as_there_may_be_more() -> None:
    left = [3, 2, 1]

    @due("probe.wake")
    def wake() -> bool:
        left.pop()
        return bool(left)

    run_due()

    assert left == []


def test_a_task_that_always_asks_for_more_lets_the_others_have_their_turn() -> None:
    turns: list[int] = []

    @due("probe.greedy")
    def greedy() -> bool:
        turns.append(1)
        return True

    Clockwork().tick()

    assert len(turns) == schedule.MOST_TURNS


@pytest.mark.parametrize(("in_seconds", "wait"), [(None, 1.0), (0.3, 0.3), (60, 1.0), (-60, schedule.SHORTEST_WAIT)])
def test_the_next_look_is_when_the_next_row_falls_due(
    travel: time_machine.Traveller, in_seconds: float | None, wait: float
) -> None:
    instant: datetime | None = None
    if in_seconds is not None:
        instant = clock.now() + timedelta(seconds=in_seconds)
    due("probe.wake", next_due=lambda: instant)(lambda: None)

    assert Clockwork().tick() == pytest.approx(wait)


def test_without_tasks_it_looks_every_second() -> None:
    assert Clockwork().tick() == 1.0


def test_a_task_that_fails_pauses_and_leaves_the_others_alone(caplog: pytest.LogCaptureFixture) -> None:
    tried: list[int] = []
    worked: list[int] = []

    @due("probe.broken")
    def broken() -> None:
        tried.append(1)
        raise ValueError("no")

    due("probe.sound")(lambda: worked.append(1))
    clockwork = Clockwork()

    clockwork.tick()
    clockwork.tick()

    assert (len(tried), len(worked)) == (1, 2)
    assert "the due task probe.broken failed" in caplog.text


def test_a_chore_comes_round_once_for_all_workers(travel: time_machine.Traveller) -> None:
    done: list[int] = []
    every("probe.sweep", seconds=60)(lambda: done.append(1))

    run_due()
    run_due()
    assert len(done) == 1
    travel.shift(60)
    run_due()

    assert len(done) == 2


def test_a_chore_that_fails_waits_for_its_next_round(
    travel: time_machine.Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    tried: list[int] = []
    stop = threading.Event()

    @every("probe.sweep", seconds=60)
    def sweep() -> None:
        tried.append(1)
        stop.set()
        raise ValueError("no")

    schedule.run_chores(stop)
    stop.clear()
    threading.Timer(0.05, stop.set).start()
    schedule.run_chores(stop)

    assert len(tried) == 1
    assert "the chore probe.sweep failed" in caplog.text


def test_a_named_chore_runs_when_a_test_asks_for_it() -> None:
    done: list[int] = []
    every("probe.sweep", seconds=60)(lambda: done.append(1))

    run_due("probe.sweep")
    run_due("probe.sweep")

    assert len(done) == 2


def test_a_taken_name_is_refused() -> None:
    due("probe.wake")(lambda: None)

    with pytest.raises(ImproperlyConfigured, match="already a task"):
        every("probe.wake", seconds=1)(lambda: None)
