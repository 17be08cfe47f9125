from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest
from django.db import connection, transaction

from tugi.events import reading, stamping
from tugi.events.actors import system
from tugi.events.consumers import Said, batch_consumer, consumer, consumers
from tugi.events.facts import Fact
from tugi.events.models import Cursor, Event
from tugi.events.places import place_cursors
from tugi.events.runner import Runner
from tugi.events.testing import run_consumers
from tugi.events.tests.probes import Opened, Painted, note, noted, paint


@pytest.mark.django_db
def test_a_consumer_reads_each_event_once_and_in_order() -> None:
    @consumer("probe.reader", on=[Painted])
    def read(event: Event, fact: Fact) -> None:
        note("reader", event)

    place_cursors()
    events = [paint().id, paint().id]
    run_consumers()
    events.append(paint().id)
    run_consumers()

    assert noted("reader") == events


@pytest.mark.django_db
def test_a_consumer_gets_the_fact_and_only_the_kinds_it_asked_for() -> None:
    heard: list[Fact] = []
    consumer("probe.shops", on=[Opened], from_start=True)(lambda event, fact: heard.append(fact))
    everything: list[Fact] = []
    consumer("probe.all", from_start=True)(lambda event, fact: everything.append(fact))

    paint()
    from tugi.events.log import append

    append(Opened(4), actor=system())
    run_consumers()

    assert heard == [Opened(4)]
    assert len(everything) == 2


@pytest.mark.django_db
def test_what_a_consumer_says_is_read_too() -> None:
    @consumer("probe.echo", on=[Painted], from_start=True)
    def echo(event: Event, fact: Fact) -> None:
        note("echo", event)
        if event.depth < 3:
            paint(cause=event)

    paint()
    run_consumers()

    assert len(noted("echo")) == 4


@pytest.mark.django_db
def test_a_new_consumer_starts_at_the_present_end_unless_it_asks_for_the_start() -> None:
    old = paint().id
    stamping.stamp()

    @consumer("probe.fresh")
    def fresh(event: Event, fact: Fact) -> None:
        note("fresh", event)

    @consumer("probe.historian", from_start=True)
    def historian(event: Event, fact: Fact) -> None:
        note("historian", event)

    place_cursors()
    new = paint().id
    run_consumers()

    assert noted("fresh") == [new]
    assert noted("historian") == [old, new]


@pytest.mark.django_db
def test_imports_are_left_out_where_asked() -> None:
    @consumer("probe.notifier", from_start=True, imports=False)
    def notify(event: Event, fact: Fact) -> None:
        note("notifier", event)

    paint(actor=system("import"))
    live = paint().id
    run_consumers()

    assert noted("notifier") == [live]


@pytest.mark.django_db
def test_a_taken_name_is_refused() -> None:
    from django.core.exceptions import ImproperlyConfigured

    consumer("probe.reader")(note_nothing)
    with pytest.raises(ImproperlyConfigured, match=r"already a consumer “probe\.reader”"):
        consumer("probe.reader")(note_nothing)


def note_nothing(event: Event, fact: Fact) -> None: ...


@pytest.mark.django_db
def test_a_runner_with_an_older_head_does_not_move_a_cursor_back() -> None:
    consumer("probe.reader", from_start=True)(note_nothing)
    place_cursors()
    paint()
    older = stamping.stamp()
    paint()
    run_consumers()

    reading.read_on(consumers()["probe.reader"], older)

    assert Cursor.objects.get(consumer="probe.reader").seq == 2


@pytest.mark.django_db
def test_a_batch_that_takes_long_ends_early_and_goes_on_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SLICE_SECONDS", -1.0)

    @consumer("probe.reader", from_start=True)
    def read(event: Event, fact: Fact) -> None:
        note("reader", event)

    place_cursors()
    events = [paint().id, paint().id]
    head = stamping.stamp()

    reading.read_on(consumers()["probe.reader"], head)
    assert noted("reader") == events[:1]
    reading.read_on(consumers()["probe.reader"], head)
    assert noted("reader") == events


@pytest.mark.django_db
def test_an_idle_log_costs_two_queries(django_assert_num_queries: object) -> None:
    consumer("probe.shops", on=[Opened])(note_nothing)
    place_cursors()
    runner = Runner()
    runner.tick()
    paint()
    runner.tick()

    with django_assert_num_queries(2):  # type: ignore[operator]
        assert not runner.tick()


@pytest.mark.django_db(transaction=True)
def test_two_runners_share_the_log_without_reading_twice() -> None:
    """Noting twice would break a constraint, and the event would be put aside."""

    @consumer("probe.reader", from_start=True)
    def read(event: Event, fact: Fact) -> None:
        note("reader", event)

    place_cursors()
    stop = threading.Event()

    def run() -> None:
        Runner().run(stop)
        connection.close()

    runners = [threading.Thread(target=run) for _ in range(2)]
    for runner in runners:
        runner.start()
    try:
        events = [paint_and_commit() for _ in range(30)]
        run_consumers()
    finally:
        stop.set()
        for runner in runners:
            runner.join()
    run_consumers()

    assert noted("reader") == events


@transaction.atomic
def paint_and_commit() -> int:
    return paint().id


@pytest.mark.django_db
def test_a_batch_consumer_gets_many_events_at_once_in_order() -> None:
    batches: list[list[int]] = []

    @batch_consumer("probe.batches", on=[Painted], from_start=True)
    def read(said: Sequence[Said]) -> None:
        batches.append([event.id for event, _fact in said])

    events = [paint().id for _ in range(30)]
    run_consumers()

    assert [event_id for batch in batches for event_id in batch] == events
    assert len(batches) == 2


@pytest.mark.django_db
def test_a_batch_that_fails_is_taken_one_by_one() -> None:
    @batch_consumer("probe.choosy", on=[Painted], from_start=True)
    def read(said: Sequence[Said]) -> None:
        for event, _fact in said:
            note("choosy", event)
            if event.ticket_id == 2:
                raise ValueError("not this one")

    events = [paint(ticket_id).id for ticket_id in (1, 2, 3)]
    run_consumers(failures_allowed=True)

    assert noted("choosy") == [events[0], events[2]]
