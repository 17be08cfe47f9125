"""The worker: one process whose threads carry the log, send, fetch and keep time.

Everything in it may run twice, on one machine or on several: work is claimed in the database.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial

from django.db import DatabaseError, connections

from tugi.core import clock
from tugi.events import schedule, senders
from tugi.events.connections import let_go
from tugi.events.fetchers import fetchers
from tugi.events.models import WorkerHeartbeat
from tugi.events.runner import Runner

BEAT_SECONDS = 10.0
STOP_SECONDS = 5.0
RESTED_SECONDS = 5.0
LONGEST_PAUSE = 60.0
FORGOTTEN_AFTER = timedelta(days=1)
logger = logging.getLogger(__name__)

Job = Callable[[threading.Event], None]


class Stop(threading.Event):
    """A thread's stop sign. Asking it is a sign of life: `at` is when the thread last did."""

    def __init__(self) -> None:
        super().__init__()
        self.at: datetime = clock.now()

    def is_set(self) -> bool:
        self.at = clock.now()
        return super().is_set()

    def wait(self, timeout: float | None = None) -> bool:
        self.at = clock.now()
        return super().wait(timeout)


class JobThread(threading.Thread):
    """Runs a job until told to stop, and again, after a pause that grows, when it breaks off."""

    def __init__(self, name: str, job: Job) -> None:
        super().__init__(name=name, daemon=True)
        self.stop = Stop()
        self._job = job
        self._failures = 0

    def run(self) -> None:
        while not self.stop.is_set():
            pause = self._once()
            self.stop.wait(pause)

    def _once(self) -> float:
        """Run the job until it ends; gives the pause before the next time."""
        began = time.monotonic()
        try:
            self._job(self.stop)
        except Exception:
            logger.exception("%s broke off", self.name)
            lasted = time.monotonic() - began > LONGEST_PAUSE
            self._failures = 1 if lasted else self._failures + 1
            return min(2.0 ** (self._failures - 1), LONGEST_PAUSE)
        finally:
            connections.close_all()
        self._failures = 0
        return RESTED_SECONDS


def run_worker(stop: threading.Event) -> None:
    """Run every job until `stop` is set, then end within some seconds.

    A sender or a fetcher that does not end in time is left: its claim runs out and the work is done
    again.
    """
    threads = [JobThread(name, job) for name, job in jobs().items()]
    for thread in threads:
        thread.start()
    logger.info("the worker runs %d threads", len(threads))
    while not stop.wait(BEAT_SECONDS if _beat(threads) else 1.0):
        pass
    _end(threads)


def jobs() -> Mapping[str, Job]:
    """What this worker does, by the names of its threads."""
    found: dict[str, Job] = {
        "consumers": lambda stop: Runner().run(stop),
        "schedule": schedule.run,
        "chores": schedule.run_chores,
    }
    for sender in senders.senders().values():
        for number in range(1, sender.at_once + 1):
            found[f"sender {sender.name} {number}"] = partial(senders.run, sender)
    return found | {f"fetcher {name}": fetch for name, fetch in fetchers().items()}


def name_of_worker() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def _beat(threads: Iterable[JobThread]) -> bool:
    """Write down when each thread last showed life; False if the database does not answer."""
    beats = [WorkerHeartbeat(name=name_of_worker(), thread=thread.name, at=thread.stop.at) for thread in threads]
    try:
        WorkerHeartbeat.objects.bulk_create(
            beats, update_conflicts=True, unique_fields=["name", "thread"], update_fields=["at"]
        )
        WorkerHeartbeat.objects.filter(at__lt=clock.now() - FORGOTTEN_AFTER).delete()
        let_go()
    except DatabaseError as error:
        logger.warning("the worker's heartbeat could not be written: %s", error)
        connections.close_all()
        return False
    return True


def _end(threads: Iterable[JobThread]) -> None:
    ends_at = time.monotonic() + STOP_SECONDS
    for thread in threads:
        thread.stop.set()
    for thread in threads:
        thread.join(max(ends_at - time.monotonic(), 0.0))
        if thread.is_alive():
            logger.warning("%s did not end in time and is left", thread.name)
    try:
        WorkerHeartbeat.objects.filter(name=name_of_worker()).delete()
    except DatabaseError as error:
        logger.warning("the worker's heartbeat could not be removed: %s", error)
    connections.close_all()
