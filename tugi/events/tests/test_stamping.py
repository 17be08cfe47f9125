from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, transaction

from tugi.events import bell, stamping
from tugi.events.models import Event, Head
from tugi.events.tests.probes import paint


def seqs() -> list[int | None]:
    return list(Event.objects.order_by("id").values_list("seq", flat=True))


@pytest.mark.django_db
def test_events_are_numbered_from_one_in_the_order_of_their_ids() -> None:
    for _ in range(3):
        paint()

    assert stamping.stamp() == 3
    assert seqs() == [1, 2, 3]


@pytest.mark.django_db
def test_numbers_go_on_where_they_ended() -> None:
    paint()
    stamping.stamp()
    paint()

    assert stamping.stamp() == 2
    assert seqs() == [1, 2]


@pytest.mark.django_db
def test_more_than_a_batch_is_numbered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamping, "BATCH", 2)
    for _ in range(5):
        paint()

    assert stamping.stamp() == 5
    assert seqs() == [1, 2, 3, 4, 5]


@pytest.mark.django_db
def test_an_empty_log_stands_at_nothing() -> None:
    assert stamping.stamp() == 0


@pytest.mark.django_db
def test_a_head_that_is_missing_is_found_from_the_log() -> None:
    paint()
    stamping.stamp()
    Head.objects.all().delete()
    paint()

    assert stamping.stamp() == 1
    assert stamping.stamp() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
def test_an_event_that_commits_late_is_numbered_late() -> None:
    written, commit = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with transaction.atomic():
            paint(1)
            written.set()
            commit.wait(5)
        connection.close()

    slow = threading.Thread(target=write_slowly)
    slow.start()
    written.wait(5)
    with transaction.atomic():
        paint(2)
    while_open = stamping.stamp()
    commit.set()
    slow.join()

    assert (while_open, stamping.stamp()) == (1, 2)
    assert list(Event.objects.stamped().values_list("ticket_id", flat=True)) == [2, 1]


@pytest.mark.django_db(transaction=True)
def test_committing_rings_the_bell_once() -> None:
    ear = bell.Bell(bell.APPENDED)
    ear.wait(0)

    with transaction.atomic():
        paint()
        paint()
        assert len(connection.run_on_commit) == 1
    began = time.monotonic()
    ear.wait(5)

    ear.close()
    assert time.monotonic() - began < bell.LOOK_AFTER_SECONDS / 2
