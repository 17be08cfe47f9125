from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import Any

import pytest
from django.test import override_settings

from tugi.core.environment import Environment
from tugi.live import crowds
from tugi.live.app import LiveApplication

HEADERS = [(b"origin", b"http://testserver"), (b"host", b"testserver")]


def come(app: LiveApplication, **scope: Any) -> list[dict[str, Any]]:
    """What a browser without a session is told."""
    told: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        told.append(message)

    whole = {"type": "websocket", "path": "/live/", "headers": HEADERS, "client": ("192.0.2.7", 1), **scope}
    asyncio.run(app(whole, receive, send))
    return told


@pytest.fixture
def full() -> Any:
    """An application that serves as many sockets of 192.0.2.7, and of this machine, as one address may have."""
    app = LiveApplication()
    with ExitStack() as sockets:
        for address in ("192.0.2.7", "127.0.0.1"):
            for _ in range(crowds.MOST):
                assert sockets.enter_context(app._crowds.one_more(address))
        yield app
    app.close()
    assert not app._crowds._counts


def test_one_address_too_many_times_is_told_to_come_back_later(full: LiveApplication) -> None:
    told = come(full, extensions={"websocket.http.response": {}})

    assert told[0]["status"] == 429
    assert (b"retry-after", b"60") in told[0]["headers"]


def test_a_server_that_cannot_say_so_refuses_the_handshake(full: LiveApplication) -> None:
    assert [message["type"] for message in come(full)] == ["websocket.close"]


def test_others_and_this_machine_are_let_in(full: LiveApplication) -> None:
    for client in (("192.0.2.8", 1), ("127.0.0.1", 1)):
        assert come(full, client=client)[0]["type"] == "websocket.accept"


def test_a_trusted_proxy_says_whose_the_socket_is(full: LiveApplication) -> None:
    proxies = Environment({"P": "198.51.100.1"}).networks("P")
    forwarded = [*HEADERS, (b"x-forwarded-for", b"192.0.2.7")]
    proxy = {"client": ("198.51.100.1", 1), "headers": forwarded}

    assert come(full, **proxy)[0]["type"] == "websocket.accept"
    with override_settings(TRUSTED_PROXIES=proxies):
        assert come(full, **proxy)[0]["type"] == "websocket.close"
