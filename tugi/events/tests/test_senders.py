from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured

from tugi.core import clock
from tugi.events.models import WorkerHeartbeat
from tugi.events.senders import DeliveryError, sender
from tugi.events.testing import run_sender
from tugi.events.tests.probes import Parcel
from tugi.events.work import WorkState, claim

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("parcels")]


class Post:
    """A sender whose outside world answers as the test says."""

    def __init__(self, *answers: Exception | None, attempts: int = 12) -> None:
        self.answers = list(answers)
        self.delivered: list[str] = []
        self.sent: list[int] = []
        self.failed: list[int] = []

        def on_failed(row: Parcel) -> None:
            self.failed.append(row.id)

        @sender("probe.post", model=Parcel, attempts=attempts, on_sent=self.on_sent, on_failed=on_failed)
        def deliver(row: Parcel) -> None:
            answer = self.answers.pop(0) if self.answers else None
            if answer:
                raise answer
            self.delivered.append(row.address)

    def on_sent(self, row: Parcel) -> None:
        self.sent.append(row.id)


def only_row() -> Parcel:
    return Parcel.objects.get()


def test_a_due_row_is_sent_once() -> None:
    post = Post()
    row = Parcel.objects.create(address="here")

    assert (run_sender("probe.post"), run_sender("probe.post")) == (1, 0)

    assert (post.delivered, post.sent) == (["here"], [row.id])
    assert only_row().state == WorkState.DONE


def test_a_temporary_refusal_is_tried_again_later(travel: time_machine.Traveller) -> None:
    post = Post(DeliveryError("The server is busy."))
    Parcel.objects.create(address="here")
    run_sender("probe.post")
    row = only_row()
    assert (row.state, row.last_error) == (WorkState.DUE, "The server is busy.")
    assert timedelta(seconds=60) <= row.due_at - clock.now() <= timedelta(seconds=66)

    travel.shift(66)
    run_sender("probe.post")

    row = only_row()
    assert (post.delivered, row.state, row.last_error, row.attempts) == (["here"], WorkState.DONE, "", 2)


def test_a_permanent_refusal_is_final_at_once() -> None:
    post = Post(DeliveryError("No such street.", permanent=True))
    row = Parcel.objects.create(address="here")

    run_sender("probe.post")

    assert (only_row().state, only_row().last_error) == (WorkState.FAILED, "No such street.")
    assert (post.failed, post.sent) == ([row.id], [])


def test_the_last_attempt_is_the_end(travel: time_machine.Traveller) -> None:
    post = Post(*[DeliveryError("busy") for _ in range(3)], attempts=3)
    row = Parcel.objects.create(address="here")

    for _ in range(5):
        run_sender("probe.post")
        travel.shift(timedelta(days=1))

    assert (only_row().state, only_row().attempts, post.failed) == (WorkState.FAILED, 3, [row.id])


def test_what_ends_its_worker_each_time_is_given_up(travel: time_machine.Traveller) -> None:
    post = Post(attempts=2)
    row = Parcel.objects.create(address="here")
    for _death in range(2):
        claim(Parcel, lease=timedelta(minutes=1))
        travel.shift(61)

    run_sender("probe.post")

    assert (post.delivered, post.failed) == ([], [row.id])
    assert (only_row().state, only_row().last_error) == (WorkState.FAILED, "desk.worker_ended")


def test_the_unexpected_is_temporary_and_leads_to_the_log_without_its_secrets(
    caplog: pytest.LogCaptureFixture,
) -> None:
    Post(RuntimeError("password hunter2"))
    Parcel.objects.create(address="here")

    run_sender("probe.post")

    row = only_row()
    reference = re.search(r"[0-9a-f]{8}", row.last_error)
    assert row.state == WorkState.DUE
    assert reference and reference[0] in caplog.text
    assert "hunter2" not in row.last_error


def test_a_hook_that_fails_is_undone_and_does_not_send_again() -> None:
    calls: list[int] = []

    def on_sent(row: Parcel) -> None:
        WorkerHeartbeat.objects.create(name="hook", thread="x", at=clock.now())
        calls.append(row.id)
        raise ValueError("no")

    @sender("probe.post", model=Parcel, on_sent=on_sent)
    def deliver(row: Parcel) -> None: ...

    Parcel.objects.create(address="here")

    assert run_sender("probe.post") == 1

    assert (only_row().state, len(calls)) == (WorkState.DONE, 2)
    assert not WorkerHeartbeat.objects.exists()


def test_a_taken_name_is_refused() -> None:
    Post()

    with pytest.raises(ImproperlyConfigured, match="already a sender"):
        Post()
