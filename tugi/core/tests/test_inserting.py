from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from tugi.core import clock
from tugi.core.inserting import insert, insert_unless_there
from tugi.events.models import Event, WorkerHeartbeat


@pytest.mark.django_db
def test_a_row_gets_its_key_and_reads_back_as_it_was_written() -> None:
    written = insert(
        Event(kind="probe.said", actor_kind="system", subject_kind="probe", subject_id=3, origin="web", data={"ö": [1]})
    )

    read = Event.objects.get(pk=written.pk)
    assert (read.at, read.data, read.depth, read.seq) == (written.at, {"ö": [1]}, 0, None)
    assert not written._state.adding


@pytest.mark.django_db
def test_what_is_there_already_is_said_or_raised() -> None:
    now = clock.now()
    assert insert_unless_there(WorkerHeartbeat(name="a", thread="b", at=now))
    second = WorkerHeartbeat(name="a", thread="b", at=now)

    assert not insert_unless_there(second)
    assert second.pk is None
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(WorkerHeartbeat(name="a", thread="b", at=now))
