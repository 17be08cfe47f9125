from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from tugi.core import clock
from tugi.events import work
from tugi.events.tests.probes import Parcel
from tugi.events.work import WorkState, back_off, claim

pytestmark = pytest.mark.usefixtures("parcels")


def parcel(address: str = "here", *, in_seconds: float = 0) -> Parcel:
    return Parcel.objects.create(address=address, due_at=clock.now() + timedelta(seconds=in_seconds))


@pytest.mark.django_db
def test_what_is_due_is_claimed_the_earliest_first(travel: time_machine.Traveller) -> None:
    parcel("second", in_seconds=-1)
    parcel("first", in_seconds=-2)
    parcel("future", in_seconds=1)

    rows = claim(Parcel, 10)

    assert [row.address for row in rows] == ["first", "second"]
    assert {(row.state, row.attempts) for row in rows} == {(WorkState.CLAIMED, 1)}
    assert rows[0].claimed_until == clock.now() + work.LEASE
    assert claim(Parcel, 10) == []


@pytest.mark.django_db
def test_no_more_are_claimed_than_asked_for() -> None:
    for _ in range(3):
        parcel()

    assert len(claim(Parcel, 2)) == 2
    assert len(claim(Parcel, 2)) == 1


@pytest.mark.django_db
def test_looking_for_nothing_costs_two_queries(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert claim(Parcel) == []


@pytest.mark.django_db
def test_work_of_a_dead_worker_is_claimed_again(travel: time_machine.Traveller) -> None:
    parcel()
    claim(Parcel, lease=timedelta(minutes=1))
    travel.shift(60)
    assert claim(Parcel) == []

    travel.shift(1)

    assert [row.attempts for row in claim(Parcel)] == [2]


@pytest.mark.django_db
def test_what_may_have_killed_its_worker_is_claimed_alone(travel: time_machine.Traveller) -> None:
    for address in ("one", "two", "three"):
        parcel(address)
    claim(Parcel, 2, lease=timedelta(minutes=1))
    travel.shift(61)

    assert [row.address for row in claim(Parcel, 10, lease=timedelta(minutes=1))] == ["one"]
    assert [row.address for row in claim(Parcel, 10)] == ["three"], "no second suspect beside the first"
    travel.shift(61)
    assert [row.address for row in claim(Parcel, 10)] == ["two"], "who was tried less goes first"


@pytest.mark.django_db
def test_what_was_left_behind_does_not_wait_for_what_is_tried_again(travel: time_machine.Traveller) -> None:
    """While a server is down, some row is always tried again."""
    parcel("left")
    claim(Parcel, lease=timedelta(minutes=1))
    parcel("tried")
    (tried,) = claim(Parcel)
    work.put_back(tried, "no answer", wait=timedelta(seconds=30))
    travel.shift(31)
    assert [row.attempts for row in claim(Parcel)] == [2]
    travel.shift(30)

    assert [row.address for row in claim(Parcel, 10)] == ["left"]


@pytest.mark.django_db
def test_finished_work_is_not_claimed_again() -> None:
    parcel()
    (row,) = claim(Parcel)

    assert work.finish(row, address="delivered")

    row.refresh_from_db()
    assert (row.state, row.address, row.claimed_until) == (WorkState.DONE, "delivered", None)
    assert claim(Parcel) == []


@pytest.mark.django_db
def test_work_put_back_falls_due_after_its_gap(travel: time_machine.Traveller) -> None:
    parcel()
    (row,) = claim(Parcel)

    assert work.put_back(row, "no answer", wait=timedelta(seconds=30))

    assert (row.state, row.last_error) == (WorkState.DUE, "no answer")
    assert claim(Parcel) == []
    travel.shift(30)
    assert [row.attempts for row in claim(Parcel)] == [2]


@pytest.mark.django_db
def test_work_given_up_stays_to_be_seen() -> None:
    parcel()
    (row,) = claim(Parcel)

    assert work.give_up(row, "no such street")

    row.refresh_from_db()
    assert (row.state, row.last_error) == (WorkState.FAILED, "no such street")


@pytest.mark.django_db
def test_who_lost_the_claim_records_nothing(travel: time_machine.Traveller) -> None:
    parcel()
    (late,) = claim(Parcel)
    travel.shift(work.LEASE + timedelta(seconds=1))
    (present,) = claim(Parcel)

    assert not work.finish(late)
    assert not work.put_back(late, "too late")

    present.refresh_from_db()
    assert (present.state, present.attempts) == (WorkState.CLAIMED, 2)


@pytest.mark.django_db
def test_cancelled_work_is_not_claimed() -> None:
    row = parcel()
    Parcel.objects.filter(id=row.id).update(state=WorkState.CANCELLED)

    assert claim(Parcel) == []


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(0, 1), (1, 1), (2, 2), (5, 16), (11, 1024), (12, 1440), (5000, 1440)]
)
def test_gaps_double_from_a_minute_to_a_day(attempts: int, minutes: int) -> None:
    gap = timedelta(minutes=minutes)

    assert gap <= back_off(attempts) <= gap * 1.1


@pytest.mark.django_db
def test_the_next_due_instant_is_that_of_the_earliest_row_waiting() -> None:
    assert work.next_due(Parcel) is None
    parcel(in_seconds=60)
    early = parcel(in_seconds=30)

    assert work.next_due(Parcel) == early.due_at


@pytest.mark.django_db(transaction=True)
def test_two_workers_claim_different_rows() -> None:
    Parcel.objects.all().delete()
    ids = {parcel().id for _ in range(20)}
    claimed: list[int] = []

    def take_all() -> None:
        while rows := claim(Parcel, 3):
            claimed.extend(row.id for row in rows)
        connection.close()

    workers = [threading.Thread(target=take_all) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    claimed += [row.id for row in claim(Parcel, 20)]
    Parcel.objects.all().delete()

    assert sorted(claimed) == sorted(ids)


@pytest.mark.django_db
@pytest.mark.parametrize("ready", [0, 1], ids=["due", "expired"])
def test_looking_for_work_uses_its_small_index(ready: int) -> None:
    Parcel.objects.bulk_create([Parcel(state=WorkState.DONE) for _ in range(5_000)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE events_tests_parcel" if connection.vendor == "postgresql" else "ANALYZE")

    plan = work._ready(Parcel, clock.now())[ready][:1].explain()

    assert f"events_tests_parcel_{'held' if ready else 'due'}" in plan
