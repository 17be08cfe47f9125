"""What time itself sets off: rows that fall due, and chores that come round.

Each app registers its own in `schedule.py`. A due task claims its rows (locked, a handful at a time)
and calls the same actions as any door, so that it may run on two machines at once.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ImproperlyConfigured

from tugi.core import clock
from tugi.events.connections import let_go
from tugi.events.models import Chore

POLL_SECONDS = 1.0
SHORTEST_WAIT = 0.05
LONGEST_PAUSE = 300.0
MOST_TURNS = 100
"""How often a due task may ask to go on before the others have their turn."""
logger = logging.getLogger(__name__)

Task = Callable[[], bool | None]
NextDue = Callable[[], datetime | None]


@dataclass(frozen=True)
class DueTask:
    name: str
    run: Task
    next_due: NextDue | None


@dataclass(frozen=True)
class RecurringTask:
    name: str
    run: Callable[[], object]
    gap: timedelta


_due: dict[str, DueTask] = {}
_recurring: dict[str, RecurringTask] = {}


def due(name: str, *, next_due: NextDue | None = None) -> Callable[[Task], Task]:
    """Register a task that does what has fallen due, asked every second.

    It returns True if there may be more at once. `next_due()` gives the instant of the earliest row
    that waits, or None, so that it is done to the moment. Raises ImproperlyConfigured for a taken name.
    """

    def register(run: Task) -> Task:
        _refuse_taken(name)
        _due[name] = DueTask(name, run, next_due)
        return run

    return register


def every(name: str, *, seconds: float) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Register a chore that one worker of all runs every so often; its failure waits for the next round.

    Raises ImproperlyConfigured for a name that is taken.
    """

    def register(run: Callable[[], object]) -> Callable[[], object]:
        _refuse_taken(name)
        _recurring[name] = RecurringTask(name, run, timedelta(seconds=seconds))
        return run

    return register


def due_tasks() -> Mapping[str, DueTask]:
    """Every registered due task by its name."""
    return dict(_due)


def recurring_tasks() -> Mapping[str, RecurringTask]:
    """Every registered chore by its name."""
    return dict(_recurring)


def run(stop: threading.Event) -> None:
    """Do what falls due until `stop` is set."""
    clockwork = Clockwork()
    while not stop.is_set():
        wait = clockwork.tick()
        let_go()
        stop.wait(wait)


def run_chores(stop: threading.Event) -> None:
    """Do the chores that come round until `stop` is set."""
    while not stop.is_set():
        for task in recurring_tasks().values():
            if not stop.is_set():
                _run_chore(task)
        let_go()
        stop.wait(POLL_SECONDS)


class Clockwork:
    """Gives each due task its turn, and a task that fails a growing pause."""

    def __init__(self) -> None:
        self._failures: dict[str, int] = defaultdict(int)
        self._paused_until: dict[str, float] = {}

    def tick(self) -> float:
        """Go round once; gives how many seconds may pass before the next time."""
        return min([self._turn(task) for task in due_tasks().values()], default=POLL_SECONDS)

    def _turn(self, task: DueTask) -> float:
        if time.monotonic() < self._paused_until.get(task.name, 0.0):
            return POLL_SECONDS
        try:
            do_all(task)
            wait = _until_next(task)
        except Exception:
            logger.exception("the due task %s failed", task.name)
            self._pause(task)
            return POLL_SECONDS
        self._failures[task.name] = 0
        return wait

    def _pause(self, task: DueTask) -> None:
        self._failures[task.name] += 1
        seconds = min(2.0 ** self._failures[task.name], LONGEST_PAUSE)
        self._paused_until[task.name] = time.monotonic() + seconds


def do_all(task: DueTask) -> None:
    """Let a due task go on as long as it asks to, within bounds."""
    for _turn in range(MOST_TURNS):
        if not task.run():
            return


def is_round(task: RecurringTask) -> bool:
    """Whether the chore has come round; True for one asker only, who then runs it."""
    now = clock.now()
    Chore.objects.get_or_create(name=task.name)
    return bool(Chore.objects.filter(name=task.name, next_at__lte=now).update(next_at=now + task.gap))


def _run_chore(task: RecurringTask) -> None:
    try:
        if is_round(task):
            task.run()
    except Exception:
        logger.exception("the chore %s failed", task.name)


def _until_next(task: DueTask) -> float:
    instant = task.next_due() if task.next_due else None
    if instant is None:
        return POLL_SECONDS
    return min(max((instant - clock.now()).total_seconds(), SHORTEST_WAIT), POLL_SECONDS)


def _refuse_taken(name: str) -> None:
    if name in _due or name in _recurring:
        raise ImproperlyConfigured(f"there is already a task “{name}”")
