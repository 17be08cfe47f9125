from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from tugi.core import clock
from tugi.events import bell, names
from tugi.events.consumers import consumer
from tugi.events.facts import Fact
from tugi.events.models import Cursor, Event, ParkedEvent
from tugi.events.stamping import stamp
from tugi.events.testing import run_consumers
from tugi.events.tests.probes import note, noted, paint

pytestmark = pytest.mark.django_db


def output(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def poisoned() -> set[int]:
    """Tickets that the only consumer fails on."""
    tickets: set[int] = set()

    @consumer("probe.reader", from_start=True)
    def read(event: Event, fact: Fact) -> None:
        if event.ticket_id in tickets:
            raise ValueError("no")
        note("reader", event)

    return tickets


def park(event: Event) -> None:
    run_consumers(failures_allowed=True)
    ParkedEvent.objects.filter(event=event).update(parked_at=clock.now())


def test_the_tail_shows_the_latest_lines_in_order() -> None:
    for ticket in (1, 2, 3):
        paint(ticket)
    stamp()
    paint(4)

    lines = output("log_tail", "-n", "3").splitlines()

    assert [line.split()[0] for line in lines] == ["2", "3", "-"]
    assert "probe.painted" in lines[0] and "ticket 2" in lines[0] and '"after": "red"' in lines[0]


@pytest.fixture
def numbered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tickets are numbered from 1001 on."""
    monkeypatch.setitem(names._resolvers, "ticket", lambda ids: {each: f"#{each + 1000}" for each in ids if each < 9})
    monkeypatch.setitem(names._finders, "ticket", lambda number: number - 1000 if number > 1000 else None)


@pytest.mark.usefixtures("numbered")
def test_the_tail_of_one_ticket_by_its_number() -> None:
    paint(1)
    paint(2)

    for number in ("1002", "#1002"):
        told = output("log_tail", "--ticket", number).splitlines()
        assert len(told) == 1 and "ticket #1002 " in told[0]
    with pytest.raises(CommandError, match="There is no ticket #2"):
        output("log_tail", "--ticket", "2")
    with pytest.raises(CommandError, match="say a ticket's number"):
        output("log_tail", "--ticket", "two")


@pytest.mark.usefixtures("numbered")
def test_a_ticket_that_is_gone_keeps_its_id() -> None:
    paint(9)

    assert "ticket 9 " in output("log_tail")


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("arguments", "out", "follows"),
    [
        ([], Terminal, True),
        ([], StringIO, False),
        (["--once"], Terminal, False),
        (["-n", "3"], Terminal, False),
        (["-n", "3", "--follow"], Terminal, True),
        (["--follow"], StringIO, True),
    ],
)
def test_at_a_terminal_the_tail_goes_on_until_it_is_ended(
    arguments: list[str], out: type[StringIO], follows: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []

    def interrupted(self: bell.Bell, seconds: float) -> None:
        waited.append(seconds)
        raise KeyboardInterrupt

    monkeypatch.setattr(bell.Bell, "wait", interrupted)
    call_command("log_tail", *arguments, stdout=out())

    assert bool(waited) is follows


def test_the_tail_since_an_instant(travel: time_machine.Traveller) -> None:
    paint(1)
    travel.shift(3600)
    paint(2)

    assert len(output("log_tail", "--since", "30m").splitlines()) == 1
    assert len(output("log_tail", "--since", "2h").splitlines()) == 2
    assert len(output("log_tail", "--since", "2026-11-23T09:30").splitlines()) == 1


@pytest.mark.parametrize("since", ["yesterday", "5y", "2026-13-45T10:00"])
def test_an_instant_that_cannot_be_read_is_refused(since: str) -> None:
    with pytest.raises(CommandError, match="say 15m"):
        output("log_tail", "--since", since)


def test_consumers_are_listed_with_what_they_have_to_read(poisoned: set[int]) -> None:
    poisoned.add(2)
    paint(1)
    bad = paint(2)
    park(bad)
    paint(3)
    stamp()
    Cursor.objects.create(consumer="plugin.gone", seq=0)

    listed = output("consumers")

    lines = [line.split() for line in listed.splitlines()]
    assert ["probe.reader", "2", "1", "0", "1"] in lines
    assert ["plugin.gone", "0", "gone", "0", "0"] in lines
    assert f"parked: probe.reader {bad.id}  ValueError: no" in listed


def test_a_parked_event_can_be_tried_again(poisoned: set[int]) -> None:
    poisoned.add(2)
    event = paint(2)
    park(event)
    with pytest.raises(CommandError, match="It failed again: ValueError: no"):
        output("consumers", "--retry", "probe.reader", str(event.id))

    poisoned.clear()
    ParkedEvent.objects.update(parked_at=clock.now())

    assert output("consumers", "--retry", "probe.reader", str(event.id)) == "Done.\n"
    assert noted("reader") == [event.id]


@pytest.mark.parametrize(
    ("name", "event", "words"),
    [("nobody", "1", "no consumer"), ("probe.reader", "1", "is not parked"), ("probe.reader", "x", "is not")],
)
def test_retrying_what_is_not_there_is_refused(poisoned: set[int], name: str, event: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        output("consumers", "--retry", name, event)


def test_a_consumer_reads_again_from_where_it_is_told(poisoned: set[int]) -> None:
    @consumer("probe.counter", from_start=True)
    def count(event: Event, fact: Fact) -> None:
        counted.append(event.id)

    counted: list[int] = []
    events = [paint(1).id, paint(1).id]
    run_consumers()

    assert "will read 1 events from 2" in output("replay", "probe.counter", "--from", "2", "--yes")
    run_consumers()

    assert counted == [*events, events[1]]
    assert noted("reader") == events


def test_replaying_forgets_what_was_parked_behind(poisoned: set[int]) -> None:
    poisoned.add(2)
    event = paint(2)
    park(event)
    poisoned.clear()

    output("replay", "probe.reader", "--yes")
    run_consumers()

    assert noted("reader") == [event.id]


@pytest.mark.parametrize(("answer", "goes"), [("yes", True), ("y", False), ("", False)])
def test_replaying_asks_first(poisoned: set[int], monkeypatch: pytest.MonkeyPatch, answer: str, goes: bool) -> None:
    paint(1)
    run_consumers()
    monkeypatch.setattr("builtins.input", lambda question: answer)

    if goes:
        output("replay", "probe.reader")
    else:
        with pytest.raises(CommandError, match="Nothing was changed"):
            output("replay", "probe.reader")

    assert Cursor.objects.get(consumer="probe.reader").seq == (0 if goes else 1)


@pytest.mark.parametrize("arguments", [("nobody",), ("probe.reader", "--from", "0")])
def test_replaying_what_is_not_there_is_refused(poisoned: set[int], arguments: Any) -> None:
    with pytest.raises(CommandError):
        output("replay", *arguments, "--yes")
