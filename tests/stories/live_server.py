"""The live application behind a real uvicorn, on a database of its own, and a browser's side of a socket."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from django.conf import settings
from django.db import connection
from django.test import Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tugi.events import stamping
from tugi.live.app import LiveApplication
from tugi.live.sockets import Socket
from tugi.people.models import Agent

PATIENCE = 5.0
Frame = dict[str, Any]
Application = Callable[[Any, Any, Any], Awaitable[None]]


@contextmanager
def own_database() -> Iterator[None]:
    """A migrated database that other threads may write to, thrown away afterwards.

    What real commits leave in the log cannot be deleted again, as other tests would need.
    """
    name, test = connection.settings_dict["NAME"], connection.settings_dict["TEST"]
    test_name = test["NAME"]
    test["NAME"] = _free_name()
    _let_go()
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield
        finally:
            _let_go()
            connection.creation.destroy_test_db(name, verbosity=0)
    finally:
        test["NAME"] = test_name


def _free_name() -> str:
    name = f"tugi_live_{os.getpid()}"
    return name if connection.vendor == "postgresql" else str(settings.DATA_DIR / f"{name}.sqlite3")


def _let_go() -> None:
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()  # type: ignore[attr-defined]


class LiveServer:
    """`front` may answer what is not a socket."""

    def __init__(self, front: Application | None = None) -> None:
        self.application = LiveApplication()
        self._front = front or self.application
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.origin = f"http://127.0.0.1:{self.port}"
        self._server = uvicorn.Server(
            uvicorn.Config(
                self._route,
                ws="websockets-sansio",
                ws_max_size=64 * 1024,
                ws_per_message_deflate=False,
                interface="asgi3",
                lifespan="off",
                log_config=None,
                timeout_graceful_shutdown=3,
            )
        )
        self._thread = threading.Thread(target=self._run, name="live-server")

    def __enter__(self) -> LiveServer:
        self._thread.start()
        wait_until(lambda: self._server.started)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()
        self.application.close()

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    @property
    def socket_count(self) -> int:
        return len(self.application.hub.sockets)

    def drop(self, live_socket: Socket) -> None:
        """Cut a connection, as a network does that changes."""
        asyncio.run_coroutine_threadsafe(live_socket.close(1012, ""), self._loop).result()

    @contextmanager
    def connect(self, session_key: str = "", *, origin: str | None = "", path: str = "/live/") -> Iterator[LiveSocket]:
        """A socket as a page of `origin` opens it ("" for the desk's own, None for no Origin at all)."""
        cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session_key}"} if session_key else {}
        with connect(
            f"ws://127.0.0.1:{self.port}{path}",
            origin=self.origin if origin == "" else origin,  # type: ignore[arg-type]
            additional_headers=cookie,
            compression=None,
            proxy=None,
            max_size=None,
            ping_interval=None,
        ) as raw:
            yield LiveSocket(raw)

    async def _route(self, scope: Any, receive: Any, send: Any) -> None:
        chosen = self.application if scope["type"] == "websocket" else self._front
        await chosen(scope, receive, send)

    def _run(self) -> None:
        with asyncio.Runner() as runner:
            self._loop = runner.get_loop()
            runner.run(self._server.serve(sockets=[self._socket]))


class LiveSocket:
    def __init__(self, raw: ClientConnection) -> None:
        self.raw = raw
        self.missed: list[Frame] = []

    def say(self, op: str, **rest: object) -> None:
        self.raw.send(json.dumps({"op": op, **rest}))

    def hear(self, timeout: float = PATIENCE) -> Frame:
        frame: Frame = json.loads(self.raw.recv(timeout=timeout))
        return frame

    def expect(self, op: str) -> Frame:
        frame = self.hear()
        assert frame["op"] == op, frame
        return frame

    def subscribe(self, *topics: str, since: int | None = None) -> list[str]:
        """Ask for topics and give those that were granted; what came before is in `missed`."""
        self.say("subscribe", topics=topics, **({} if since is None else {"since": since}))
        self.missed = []
        while (frame := self.hear())["op"] != "subscribed":
            self.missed.append(frame)
        granted: list[str] = frame["topics"]
        return granted

    def hears_nothing_but_a_pong(self) -> bool:
        """What came before the pong was all there was."""
        time.sleep(0.2)
        self.say("ping")
        return bool(self.hear()["op"] == "pong")

    def closed_with(self, timeout: float = PATIENCE) -> tuple[int, str]:
        """Read on until the server closes; its code and words."""
        try:
            while True:
                self.raw.recv(timeout=timeout)
        except ConnectionClosed as closed:
            assert closed.rcvd is not None, "closed without a word"
            return closed.rcvd.code, closed.rcvd.reason


def sign_in(agent: Agent) -> str:
    """The key of a new session."""
    client = Client()
    client.force_login(agent)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def stamp() -> int:
    """What the worker does all the time."""
    return stamping.stamp()


def wait_until(holds: Callable[[], bool], timeout: float = PATIENCE) -> None:
    end = time.monotonic() + timeout
    while not holds():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)
