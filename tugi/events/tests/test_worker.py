from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction

from tugi.events import worker
from tugi.events.consumers import consumer
from tugi.events.facts import Fact
from tugi.events.fetchers import fetcher
from tugi.events.models import Event, WorkerHeartbeat
from tugi.events.places import place_cursors
from tugi.events.senders import sender
from tugi.events.tests.probes import Parcel, note, noted, paint
from tugi.events.work import WorkState
from tugi.events.worker import JobThread, Stop, run_worker

WORKER = """
import django; django.setup()
from django.core.management import call_command
print("ready", flush=True)
call_command("worker")
"""


def soon(holds: Callable[[], bool]) -> bool:
    ends_at = time.monotonic() + 5
    while not holds() and time.monotonic() < ends_at:
        time.sleep(0.01)
    return holds()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("parcels")
def test_a_worker_carries_the_log_sends_fetches_and_ends() -> None:
    fetched = threading.Event()
    threads = {"consumers", "schedule", "chores", "sender probe.post 1", "fetcher probe.inbox"}

    @consumer("probe.reader", from_start=True)
    def read(event: Event, fact: Fact) -> None:
        note("reader", event)

    @sender("probe.post", model=Parcel)
    def deliver(row: Parcel) -> None: ...

    @fetcher("probe.inbox")
    def fetch(stop: threading.Event) -> None:
        fetched.set()
        stop.wait()

    place_cursors()
    Parcel.objects.create(address="here")
    stop = threading.Event()
    running = threading.Thread(target=run_worker, args=(stop,))
    running.start()
    try:
        with transaction.atomic():
            event = paint()
        assert soon(lambda: noted("reader") == [event.id])
        assert soon(lambda: Parcel.objects.get().state == WorkState.DONE)
        assert fetched.wait(5)
        assert soon(lambda: beating() == threads)
    finally:
        began = time.monotonic()
        stop.set()
        running.join()
        Parcel.objects.all().delete()

    assert time.monotonic() - began < worker.STOP_SECONDS
    assert beating() == set()


def beating() -> set[str]:
    """The threads whose heartbeat this process has written."""
    beats = WorkerHeartbeat.objects.filter(name=worker.name_of_worker())
    return set(beats.values_list("thread", flat=True))


def test_a_job_that_breaks_off_is_started_again_after_a_growing_pause(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pauses: list[float | None] = []

    def wait(self: Stop, timeout: float | None = None) -> bool:
        pauses.append(timeout)
        if len(pauses) == 4:
            self.set()
        return True

    def job(stop: threading.Event) -> None:
        raise OSError("the line is dead")

    monkeypatch.setattr(Stop, "wait", wait)
    JobThread("fetcher probe.inbox", job).run()

    assert pauses == [1, 2, 4, 8]
    assert "fetcher probe.inbox broke off" in caplog.text


def test_a_job_that_returns_is_started_again_after_a_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[int] = []
    thread = JobThread("probe", lambda stop: ran.append(1))
    monkeypatch.setattr(worker, "RESTED_SECONDS", 0.001)

    thread.start()
    assert soon(lambda: len(ran) > 1)
    thread.stop.set()
    thread.join(5)

    assert not thread.is_alive()


def test_asking_to_stop_is_a_sign_of_life() -> None:
    stop = Stop()
    first = stop.at
    time.sleep(0.002)
    stop.is_set()
    second = stop.at
    time.sleep(0.002)
    stop.wait(0)

    assert first < second < stop.at


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_ends_cleanly_when_told_even_without_a_database(number: int, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER],
        env={**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/nothing/here.sqlite3"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout
    process.stdout.readline()
    time.sleep(0.5)
    process.send_signal(number)
    _out, errors = process.communicate(timeout=15)

    assert process.returncode == 0, errors
