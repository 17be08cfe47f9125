from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tugi.serve.bridge import WSGI, Bridge

Messages = list[dict[str, Any]]


def scope(**changes: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": "/t/ä",
        "query_string": b"a=1",
        "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", 8000),
        "client": ("203.0.113.5", 40000),
        "headers": [],
    }
    return {**plain, **changes}


def ask(bridge: Bridge, incoming: Messages | None = None, **changes: Any) -> Messages:
    """What the bridge sends for one request."""
    return asyncio.run(exchange(bridge, incoming, **changes))


async def exchange(bridge: Bridge, incoming: Messages | None = None, **changes: Any) -> Messages:
    waiting = list(incoming or [{"type": "http.request", "body": b""}])
    sent: Messages = []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(dict(message))

    await bridge(scope(**changes), receive, send)
    return sent


def application(seen: dict[str, Any], body: bytes = b"hello") -> WSGI:
    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        seen.update(environ, body=environ["wsgi.input"].read())
        start("200 OK", [("Content-Type", "text/plain"), ("Set-Cookie", " a=1")])
        return [body]

    return answer


@pytest.fixture
def seen() -> dict[str, Any]:
    return {}


def test_a_request_and_its_answer_pass(seen: dict[str, Any]) -> None:
    start, body = ask(Bridge(application(seen), 2, 1000))

    assert (start["status"], body["body"]) == (200, b"hello")
    assert (b"set-cookie", b"a=1") in start["headers"]
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/t/ä"
    assert (seen["QUERY_STRING"], seen["REMOTE_ADDR"]) == ("a=1", "203.0.113.5")


def test_a_body_in_pieces_is_whole_inside(seen: dict[str, Any]) -> None:
    pieces: Messages = [
        {"type": "http.request", "body": b"ab", "more_body": True},
        {"type": "http.request", "body": b"cd"},
    ]

    ask(Bridge(application(seen), 2, 1000), pieces, method="POST", headers=[(b"transfer-encoding", b"chunked")])

    assert (seen["body"], seen["CONTENT_LENGTH"]) == (b"abcd", "4")
    assert "HTTP_TRANSFER_ENCODING" not in seen


def test_a_body_beyond_the_limit_is_refused_before_django_sees_it(seen: dict[str, Any]) -> None:
    start, _ = ask(Bridge(application(seen), 2, 3), [{"type": "http.request", "body": b"abcd"}], method="POST")

    assert start["status"] == 413
    assert not seen


def test_a_client_that_leaves_early_is_forgotten(seen: dict[str, Any]) -> None:
    left: Messages = [{"type": "http.request", "body": b"a", "more_body": True}, {"type": "http.disconnect"}]

    assert ask(Bridge(application(seen), 2, 1000), left) == []
    assert not seen


def test_a_client_that_falls_silent_is_told_so(seen: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tugi.serve.bridge.SILENCE_SECONDS", 0.01)

    start, _ = asyncio.run(silent(Bridge(application(seen), 2, 1000)))

    assert start["status"] == 408
    assert not seen


def test_silent_clients_take_nobodys_place(seen: dict[str, Any]) -> None:
    async def crowd() -> Messages:
        bridge = Bridge(application(seen), 1, 1000)
        dumb = [asyncio.create_task(silent(bridge)) for _ in range(40)]
        await asyncio.sleep(0.01)
        answered = await exchange(bridge)
        for task in dumb:
            task.cancel()
        return answered

    assert asyncio.run(crowd())[0]["status"] == 200


async def silent(bridge: Bridge) -> Messages:
    """A request that begins to say something and never goes on."""
    sent: Messages = []

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    async def send(message: Any) -> None:
        sent.append(dict(message))

    await bridge(scope(method="POST"), receive, send)
    return sent


def test_headers_with_underscores_do_not_pass_for_others(seen: dict[str, Any]) -> None:
    headers = [(b"x_forwarded_for", b"6.6.6.6"), (b"x-fine", b"yes")]

    ask(Bridge(application(seen), 2, 1000), headers=headers)

    assert "HTTP_X_FORWARDED_FOR" not in seen
    assert seen["HTTP_X_FINE"] == "yes"


def test_repeated_headers_are_joined_and_cookies_by_their_own_rule(seen: dict[str, Any]) -> None:
    headers = [(b"host", b"a"), (b"host", b"b"), (b"cookie", b"a=1"), (b"cookie", b"b=2")]

    ask(Bridge(application(seen), 2, 1000), headers=headers)

    assert (seen["HTTP_HOST"], seen["HTTP_COOKIE"]) == ("a,b", "a=1; b=2")


class Stream:
    """An answer that is still being made while it is sent."""

    streaming = True

    def __init__(self) -> None:
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        return iter([b"one", b"two"])

    def close(self) -> None:
        self.closed = True


def test_a_stream_is_sent_piece_by_piece_and_closed() -> None:
    stream = Stream()

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Stream:
        start("200 OK", [])
        return stream

    sent = ask(Bridge(answer, 2, 1000))

    assert [message["body"] for message in sent[1:]] == [b"one", b"two", b""]
    assert stream.closed


def test_when_too_many_wait_the_rest_is_told_to_come_again() -> None:
    hold = threading.Event()

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        hold.wait(10)
        start("200 OK", [])
        return [b""]

    async def crowd() -> list[Messages]:
        bridge = Bridge(answer, 1, 1000)
        asked = [asyncio.create_task(exchange(bridge)) for _ in range(20)]
        await asyncio.sleep(0.05)
        hold.set()
        return list(await asyncio.gather(*asked))

    statuses = [sent[0]["status"] for sent in asyncio.run(crowd())]

    assert statuses.count(200) == 17
    assert statuses.count(503) == 3
