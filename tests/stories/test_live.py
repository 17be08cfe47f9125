"""An agent's browser hears of what happens while it happens: real sockets, a real server."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
from django.db import OperationalError
from pytest_django import DjangoDbBlocker

from tests.stories.live_server import LiveServer, LiveSocket, own_database, sign_in, stamp, wait_until
from tugi.events import actors
from tugi.live import hub, log, rounds
from tugi.people.testing import make_agent
from tugi.tickets import actions
from tugi.tickets.models import Ticket
from tugi.tickets.testing import Cast, make_cast, make_ticket, note, receive


@pytest.fixture(scope="module")
def cast(django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    with django_db_blocker.unblock(), own_database():
        yield make_cast()


@pytest.fixture(scope="module")
def server(cast: Cast) -> Iterator[LiveServer]:
    with LiveServer() as running:
        yield running


@pytest.fixture
def now(server: LiveServer) -> int:
    """The place in the log before the test, which the server has reached."""
    here = stamp()
    wait_until(lambda: server.application.hub.position == here or not server.socket_count)
    return here


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """In North, which Ben sees and Cleo does not."""
    return make_ticket(cast.north, cast.dora)


@pytest.fixture
def ben(cast: Cast, server: LiveServer, ticket: Ticket, now: int) -> Iterator[LiveSocket]:
    with server.connect(sign_in(cast.ben)) as socket:
        assert socket.expect("hello")["seq"] == now
        yield socket


@pytest.fixture
def cleo(cast: Cast, server: LiveServer, ticket: Ticket, now: int) -> Iterator[LiveSocket]:
    with server.connect(sign_in(cast.cleo)) as socket:
        socket.expect("hello")
        yield socket


def topic_of(ticket: Ticket) -> str:
    return f"ticket:{ticket.number}"


def test_an_open_ticket_hears_of_a_message(ben: LiveSocket, ticket: Ticket) -> None:
    assert ben.subscribe(topic_of(ticket)) == [topic_of(ticket)]

    receive(ticket, "Any news?")
    seq = stamp()

    assert ben.expect("pointer") == {
        "op": "pointer",
        "topic": topic_of(ticket),
        "seq": seq,
        "kind": "message.received",
        "ticket": ticket.number,
    }


def test_what_was_said_is_never_on_the_socket(cast: Cast, ben: LiveSocket, ticket: Ticket) -> None:
    ben.subscribe(topic_of(ticket), "inbox", "me")

    receive(ticket, "CANARY-body")
    note(ticket, "CANARY-note", author=cast.leo)
    actions.change_subject(ticket.pk, to="CANARY-subject", actor=actors.agent(cast.leo.pk))
    stamp()

    heard = [json.dumps(ben.expect("pointer")) for _ in range(4)]
    assert not [frame for frame in heard if "CANARY" in frame]


def test_an_event_is_on_the_screen_within_300_ms(ben: LiveSocket, ticket: Ticket) -> None:
    ben.subscribe("inbox")
    waits = []

    for _ in range(20):
        began = time.monotonic()
        receive(ticket)
        stamp()
        ben.expect("pointer")
        waits.append(time.monotonic() - began)

    assert sorted(waits)[18] < 0.3, waits


def test_the_inbox_hears_of_the_tickets_its_agent_sees(
    cast: Cast, ben: LiveSocket, cleo: LiveSocket, ticket: Ticket
) -> None:
    ben.subscribe("inbox")
    cleo.subscribe("inbox")

    new = make_ticket(cast.south, cast.emil)
    stamp()

    assert cleo.expect("pointer")["ticket"] == new.number
    assert ben.hears_nothing_but_a_pong()


def test_who_loses_a_ticket_is_told_once(cast: Cast, ben: LiveSocket, cleo: LiveSocket, ticket: Ticket) -> None:
    ben.subscribe(topic_of(ticket), "inbox")
    cleo.subscribe("inbox")

    actions.move_ticket(ticket.pk, to=cast.south, actor=actors.agent(cast.ada.pk))
    stamp()
    told = [ben.hear(), ben.hear(), ben.hear()]
    assert [frame["op"] for frame in told] == ["pointer", "refused", "pointer"]
    assert {frame["kind"] for frame in told if frame["op"] == "pointer"} == {"ticket.moved"}
    assert cleo.expect("pointer")["ticket"] == ticket.number

    receive(ticket)
    stamp()
    assert cleo.expect("pointer")["kind"] == "message.received"
    assert ben.hears_nothing_but_a_pong()


def test_an_agent_hears_of_being_assigned(cast: Cast, ben: LiveSocket, ticket: Ticket) -> None:
    ben.subscribe("me")

    actions.assign_ticket(ticket.pk, to=cast.leo, actor=actors.agent(cast.ada.pk))
    actions.assign_ticket(ticket.pk, to=cast.ben, actor=actors.agent(cast.ada.pk))
    seq = stamp()

    assert ben.expect("pointer") == {"op": "pointer", "topic": "me", "seq": seq, "kind": "ticket.assigned"}


def test_a_topic_given_up_is_not_heard(ben: LiveSocket, ticket: Ticket) -> None:
    ben.subscribe(topic_of(ticket))
    ben.say("unsubscribe", topics=[topic_of(ticket)])

    receive(ticket)
    stamp()

    assert ben.hears_nothing_but_a_pong()


# Coming back


def test_what_was_missed_is_told_on_coming_back(cast: Cast, server: LiveServer, ticket: Ticket, now: int) -> None:
    make_ticket(cast.south, cast.emil)
    receive(ticket)
    receive(ticket)
    last = stamp()

    with server.connect(sign_in(cast.ben)) as socket:
        socket.expect("hello")
        socket.subscribe(topic_of(ticket), "inbox", since=now)

        assert [frame["topic"] for frame in socket.missed] == [topic_of(ticket), "inbox"]
        assert {frame["seq"] for frame in socket.missed} == {last}
        assert socket.hears_nothing_but_a_pong()


def test_nothing_is_lost_between_coming_back_and_going_on(ben: LiveSocket, ticket: Ticket, now: int) -> None:
    for _ in range(10):
        receive(ticket)
        seq = stamp()
        ben.subscribe(topic_of(ticket), since=seq - 1)

        heard = ben.missed or [ben.expect("pointer")]
        assert [frame["seq"] for frame in heard] == [seq]
        ben.say("unsubscribe", topics=[topic_of(ticket)])


def test_who_knows_everything_is_told_nothing(ben: LiveSocket, ticket: Ticket, now: int) -> None:
    ben.subscribe("inbox", since=now)

    assert ben.missed == []
    assert ben.hears_nothing_but_a_pong()


def test_who_was_away_too_long_reloads(
    server: LiveServer, ben: LiveSocket, ticket: Ticket, now: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "TOO_OLD", 2)
    for _ in range(3):
        receive(ticket)
    later = stamp()
    wait_until(lambda: server.application.hub.position == later)

    ben.subscribe("inbox", since=now)

    assert ben.missed == [{"op": "reload", "seq": later}]
    assert ben.hears_nothing_but_a_pong()


def test_who_comes_from_the_future_reloads(ben: LiveSocket, now: int) -> None:
    """As after a restored backup."""
    ben.subscribe("inbox", since=now + 50)

    assert ben.missed == [{"op": "reload", "seq": now}]


def test_what_was_missed_is_told_only_to_who_may_see_it(cast: Cast, cleo: LiveSocket, ticket: Ticket, now: int) -> None:
    receive(ticket)
    stamp()

    cleo.subscribe("inbox", "me", since=now)

    assert cleo.missed == []
    assert cleo.hears_nothing_but_a_pong()


def test_a_pong_tells_how_far_the_client_knows(ben: LiveSocket, ticket: Ticket, now: int) -> None:
    ben.subscribe("inbox")
    receive(ticket)
    seq = stamp()
    ben.expect("pointer")

    ben.say("ping")

    assert ben.expect("pong")["seq"] == seq


def test_an_idle_server_does_not_look_at_the_log(cast: Cast, server: LiveServer, ticket: Ticket) -> None:
    wait_until(lambda: server.socket_count == 0)
    before = server.application.hub.position

    receive(ticket)
    stamp()
    time.sleep(0.3)
    assert server.application.hub.position == before

    with server.connect(sign_in(make_agent("Nora North", department=cast.north))) as socket:
        assert socket.expect("hello")["seq"] > before


# When something breaks


def test_sockets_outlast_a_database_that_is_away(
    ben: LiveSocket, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    ben.subscribe(topic_of(ticket))
    read, failures = log.read, iter([OperationalError(), OperationalError()])

    def read_at_last(after: int, upto: int | None = None) -> list[log.Happening]:
        for failure in failures:
            raise failure
        return read(after, upto)

    monkeypatch.setattr(rounds, "RETRY_SECONDS", 0.01)
    monkeypatch.setattr(log, "read", read_at_last)
    receive(ticket)
    stamp()

    assert ben.expect("pointer")["ticket"] == ticket.number


def test_a_fault_of_ours_sends_the_clients_round_again(
    cast: Cast, server: LiveServer, ben: LiveSocket, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(log, "read", lambda after: 1 / 0)
        assert ben.closed_with() == (1011, "try again")

    wait_until(lambda: server.socket_count == 0)
    with server.connect(sign_in(cast.ben)) as again:
        again.expect("hello")
        again.subscribe(topic_of(ticket))
        receive(ticket)
        stamp()
        again.expect("pointer")
