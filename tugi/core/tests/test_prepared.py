from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db.models import QuerySet

from tugi.core import clock
from tugi.core.prepared import prepared
from tugi.core.updating import update
from tugi.events.models import Cursor, Event

pytestmark = pytest.mark.django_db


@prepared
def _cursors(name: Any) -> QuerySet[Cursor]:
    return Cursor.objects.filter(consumer=name)


@prepared
def _moments(one: Any, other: Any) -> QuerySet[Cursor, tuple[str, datetime]]:
    return Cursor.objects.order_by("consumer").filter(consumer__in=[one, other]).values_list("consumer", "moved_at")


@prepared
def _data_of(kind: Any) -> QuerySet[Event, dict[str, Any]]:
    return Event.objects.filter(kind=kind).values_list("data", flat=True)[:1]


@pytest.fixture
def now() -> datetime:
    moment = clock.now()
    Cursor.objects.filter(consumer__startswith="probe").delete()
    for number, name in enumerate(("probe.a", "probe.b", "probe.c")):
        Cursor.objects.create(consumer=name, seq=number, moved_at=moment)
    return moment


def test_rows_come_back_as_instances_for_each_value_anew(now: datetime) -> None:
    found = [_cursors(name) for name in ("probe.b", "probe.c", "probe.nowhere")]

    assert [[(row.consumer, row.seq, row.moved_at) for row in rows] for rows in found] == [
        [("probe.b", 1, now)],
        [("probe.c", 2, now)],
        [],
    ]


def test_an_instance_that_came_back_can_be_saved(now: datetime) -> None:
    row = _cursors.first("probe.a")
    assert row is not None
    row.seq = 7

    row.save()

    assert Cursor.objects.get(consumer="probe.a").seq == 7


def test_columns_come_back_as_their_fields_have_them(now: datetime) -> None:
    Event.objects.create(
        kind="probe.said", actor_kind="system", subject_kind="probe", subject_id=3, origin="web", data={"ö": [1]}
    )

    assert _moments("probe.c", "probe.a") == [("probe.a", now), ("probe.c", now)]
    assert _data_of("probe.said") == [{"ö": [1]}]


def test_the_values_are_those_of_the_call_and_all_of_them(now: datetime) -> None:
    assert _cursors.first("' OR 1=1 --") is None
    with pytest.raises(AssertionError, match="takes 2 values"):
        _moments("probe.a")


def test_a_row_is_changed_where_it_is_as_expected(now: datetime) -> None:
    row = Cursor.objects.get(consumer="probe.b")

    assert update(row, {"seq": 1}, seq=5, moved_at=now)
    assert not update(row, {"seq": 1}, seq=6)

    assert dict(Cursor.objects.filter(consumer__startswith="probe").values_list("consumer", "seq")) == {
        "probe.a": 0,
        "probe.b": 5,
        "probe.c": 2,
    }
