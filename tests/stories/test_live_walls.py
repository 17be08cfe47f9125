"""Who may open a live socket, what it refuses, and when it ends (C6)."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoDbBlocker
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.stories.live_server import LiveServer, LiveSocket, own_database, sign_in
from tugi.live.app import LiveApplication
from tugi.live.hub import MOST_SOCKETS_A_SESSION
from tugi.people import roles
from tugi.people.models import Agent
from tugi.people.testing import PASSWORD, grant_role, make_agent
from tugi.tickets.models import Ticket
from tugi.tickets.testing import Cast, make_cast, make_ticket

WITHIN = 5.0


@pytest.fixture(scope="module")
def cast(django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    with django_db_blocker.unblock(), own_database():
        yield make_cast()


@pytest.fixture(scope="module")
def server(cast: Cast) -> Iterator[LiveServer]:
    with LiveServer() as running:
        yield running


@pytest.fixture(scope="module")
def foreign_ticket(cast: Cast) -> Ticket:
    """In South, which Ben does not see."""
    return make_ticket(cast.south, cast.emil)


@pytest.fixture
def socket(server: LiveServer, cast: Cast) -> Iterator[LiveSocket]:
    with server.connect(sign_in(cast.ben)) as open_socket:
        open_socket.expect("hello")
        yield open_socket


# C6.1


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "http://evil.example",
        "https://evil.example",
        "http://sub.127.0.0.1:{port}",
        "http://127.0.0.1.evil.example:{port}",
        "http://127.0.0.1:1",
        "http://127.0.0.1",
        "http://127.0.0.1:{port}/",
        "http://127.0.0.1:{port}@evil.example",
        "ftp://127.0.0.1:{port}",
        "file://",
        "*",
        "http://127.0.0.1:{port}, http://evil.example",
    ],
)
def test_pages_of_other_origins_get_403(server: LiveServer, cast: Cast, origin: str | None) -> None:
    asked = origin and origin.replace("{port}", str(server.port))

    with pytest.raises(InvalidStatus) as refusal, server.connect(sign_in(cast.ben), origin=asked):
        pass

    assert refusal.value.response.status_code == 403
    assert not refusal.value.response.body


def test_pages_of_the_public_address_may_connect(server: LiveServer, cast: Cast) -> None:
    with server.connect(sign_in(cast.ben), origin=settings.PUBLIC_URL) as socket:
        socket.expect("hello")


def test_other_paths_get_403(server: LiveServer, cast: Cast) -> None:
    with pytest.raises(InvalidStatus) as refusal, server.connect(sign_in(cast.ben), path="/live/more"):
        pass

    assert refusal.value.response.status_code == 403


@pytest.mark.parametrize("key", ["", "x", "x" * 32, "x" * 4000])
def test_nobody_is_let_in_without_a_session(server: LiveServer, key: str) -> None:
    with server.connect(key) as socket:
        assert socket.closed_with() == (4401, "session ended")


# C6.2


@pytest.mark.parametrize(
    "topic",
    [
        "*",
        "T%",
        "-1",
        "%",
        "ticket:*",
        "ticket:%",
        "ticket:-1",
        "ticket:0",
        "ticket:01",
        "ticket:1_000",
        "ticket:١",
        "ticket:1 OR 1=1",
        "ticket:99999999999999999999999",
        "ticket:999999999999999999",
        "TICKET:1",
        "inbox:2",
        "me:1",
        "me 1",
        "agent:1",
        "",
        "\u0000",
        "\ud800",
    ],
)
def test_no_topic_but_the_known_ones_exists(socket: LiveSocket, topic: str) -> None:
    assert socket.subscribe(topic) == []
    assert socket.expect("refused")["topics"] == [topic]


def test_a_foreign_ticket_looks_like_none(socket: LiveSocket, foreign_ticket: Ticket) -> None:
    foreign, none = f"ticket:{foreign_ticket.number}", "ticket:987654321"

    answers = []
    for topic in (foreign, none):
        granted = socket.subscribe(topic, since=0)
        refused = socket.expect("refused")
        answers.append((granted, socket.missed, json.dumps(refused).replace(topic, "?")))

    assert answers[0] == answers[1]


# C6.3


def strange_frames() -> list[str | bytes]:
    """A thousand frames that no client sends; the same ones every time."""
    shapes: list[Callable[[], str | bytes]]
    chance = random.Random(63)  # noqa: S311
    names = [name for name in dir(LiveApplication) if name != "close"]
    shapes = [
        lambda: "not json",
        lambda: "",
        lambda: "[" * 4000,
        lambda: '{"op":',
        lambda: "9" * 4000,
        lambda: json.dumps({"op": chance.choice(names)}),
        lambda: json.dumps({"op": chance.choice(names), "type": "websocket.close"}),
        lambda: json.dumps({"op": ["subscribe"], "topics": []}),
        lambda: json.dumps({"op": "subscribe", "topics": "inbox"}),
        lambda: json.dumps({"op": "subscribe", "topics": [1001]}),
        lambda: json.dumps({"op": "subscribe", "topics": [{}]}),
        lambda: json.dumps({"op": "subscribe", "topics": ["x" * 65]}),
        lambda: json.dumps({"op": "subscribe", "topics": ["inbox"] * 101}),
        lambda: json.dumps({"op": "subscribe", "topics": [], "since": chance.choice(["1", -1, 1.5, True, {}])}),
        lambda: json.dumps({"op": "subscribe", "topics": [], "since": 2**70}),
        lambda: json.dumps([]),
        lambda: "null",
        lambda: "NaN",
        lambda: json.dumps({"op": "ping", "pad": "x" * 5000}),
        lambda: chance.randbytes(chance.randrange(200)),
        lambda: chance.randbytes(200).decode("latin-1"),
    ]
    return [chance.choice(shapes)() for _ in range(1000)]


def test_a_thousand_strange_frames_close_with_fixed_words(server: LiveServer, cast: Cast) -> None:
    key = sign_in(cast.ben)
    endings = set()

    for frame in strange_frames():
        with server.connect(key) as socket:
            socket.expect("hello")
            socket.raw.send(frame)
            endings.add(socket.closed_with())

    assert endings == {
        (1003, "only text"),
        (1003, "not JSON"),
        (1008, "too long"),
        (1008, "unknown frame"),
        (1008, "bad topics"),
        (1008, "bad since"),
    }
    assert server.is_alive


def test_ten_megabytes_are_cut_off_by_the_server(server: LiveServer, socket: LiveSocket) -> None:
    with pytest.raises(ConnectionClosed) as closed:
        socket.raw.send("x" * 10_000_000)
        socket.hear()

    assert closed.value.rcvd is None or closed.value.rcvd.code == 1009
    assert server.is_alive


def test_a_flood_of_frames_is_stopped(socket: LiveSocket) -> None:
    with pytest.raises(ConnectionClosed) as closed:
        for _ in range(200):
            socket.say("ping")
            socket.expect("pong")

    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1008, "too many frames")


def test_a_session_has_a_limited_number_of_sockets(server: LiveServer, cast: Cast) -> None:
    key = sign_in(cast.ada)
    managers = [server.connect(key) for _ in range(MOST_SOCKETS_A_SESSION)]
    try:
        for manager in managers:
            manager.__enter__().expect("hello")
        with server.connect(key) as one_more:
            assert one_more.closed_with() == (1008, "too many sockets")
    finally:
        for manager in managers:
            manager.__exit__(None, None, None)


# C6.4


def test_whoever_loses_the_right_to_be_there_is_shut_out_within_five_seconds(
    server: LiveServer, cast: Cast, foreign_ticket: Ticket
) -> None:
    nora, olga, petr, rita, sven = (
        make_agent(f"{name} North", department=cast.north) for name in ("Nora", "Olga", "Petr", "Rita", "Sven")
    )
    browser = Client()
    browser.force_login(nora)
    nora_key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    rita_key = sign_in(rita)
    topic = f"ticket:{foreign_ticket.number}"
    with ExitStack() as stack:
        leaving = [stack.enter_context(server.connect(key)) for key in (nora_key, *map(sign_in, (olga, petr)))]
        leaving.append(stack.enter_context(server.connect(rita_key)))
        staying = stack.enter_context(server.connect(sign_in(sven)))
        for socket in (*leaving, staying):
            socket.expect("hello")
        assert leaving[3].subscribe(topic) == []

        browser.logout()
        olga.set_password(f"{PASSWORD} changed")
        olga.save()
        Agent.objects.filter(pk=petr.pk).update(is_active=False)
        grant_role(rita, roles.AGENT, cast.south)

        assert [socket.closed_with(WITHIN) for socket in leaving] == [(4401, "session ended")] * 4
        assert staying.hears_nothing_but_a_pong()
        for key, is_let_in in ((nora_key, False), (rita_key, True)):
            again = stack.enter_context(server.connect(key))
            if is_let_in:
                again.expect("hello")
                assert again.subscribe(topic) == [topic]
            else:
                assert again.closed_with() == (4401, "session ended")
