"""The live WebSocket at `/live/`: it tells an agent's browser that something changed, never what.

A small native ASGI application. It authenticates by the session cookie and reads the log on threads of
its own with plain synchronous Django; the browser then fetches the changed piece of the page through
the ordinary view, so that access and rendering have one path.

Frames are JSON objects, one a message. The client says

    {"op": "subscribe", "topics": ["inbox", "ticket:1001", "me"], "since": 990}
    {"op": "unsubscribe", "topics": ["ticket:1001"]}
    {"op": "ping"}

`since` (optional) is a place in the log up to which the client knows everything. The server says

    {"op": "hello", "seq": 991}                             connected; the log stands at 991
    {"op": "pointer", "topic": "ticket:1001", "seq": 992, "kind": "message.received", "ticket": 1001}
    {"op": "subscribed", "topics": ["inbox"], "seq": 991}   heard from now on; what was missed came before
    {"op": "refused", "topics": ["ticket:1001"]}            not there, not yours, or no longer
    {"op": "reload", "seq": 5000}                           `since` is too old: fetch everything again
    {"op": "pong", "seq": 992}

The highest `seq` of frames other than `hello` is the next `since`. To a client that is slow to read only
the newest pointer of a topic is sent; very many of them in the inbox become one, of kind "many" and
without `ticket`.

Closed with: 403 instead of a handshake (a page of another site), 429 (too many sockets from one address),
4401 (signed out, switched off, or with other permissions than before: come back once, then sign in), 1003
and 1008 (the client broke the protocol or asked too much), 1013 (too slow, or the database is away), 1011
(a fault of ours).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.conf import settings
from django.db import Error as DjangoDatabaseError
from django.http.cookie import parse_cookie

from tugi.live import crowds, frames, origins, viewers
from tugi.live.crowds import Crowds
from tugi.live.frames import REFUSED, BadFrame, Ping, Subscribe, Unsubscribe
from tugi.live.hub import Hub
from tugi.live.pulse import Pulse
from tugi.live.rounds import SESSION_ENDED, TRY_LATER, Rounds
from tugi.live.sockets import Send, Socket
from tugi.live.threads import DatabaseThread

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]

PATH = "/live/"
UPGRADE_REQUIRED = 426


class LiveApplication:
    """One a process and event loop. Holds nothing that a restart may not lose."""

    def __init__(self, pulse: Pulse | None = None) -> None:
        self._door = DatabaseThread("live-door")
        self._reader = DatabaseThread("live-reader")
        self.hub = Hub(self._door)
        self._crowds = Crowds()
        self._rounds = Rounds(self.hub, self._reader, pulse or Pulse())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await _ask_for_upgrade(send)
            return
        await receive()
        headers = _headers(scope)
        if scope["path"] != PATH or not origins.is_ours(headers.get("origin", ""), headers.get("host", "")):
            await send({"type": "websocket.close", "code": REFUSED})
            return
        with self._crowds.one_more(crowds.address_of(scope, headers)) as has_room:
            if has_room:
                await self._let_in(headers, receive, send)
            else:
                await _turn_away(scope, send)

    def close(self) -> None:
        """End the tasks and threads; the sockets are the server's to close."""
        self._rounds.end()
        self._door.close()
        self._reader.close()

    async def _let_in(self, headers: Mapping[str, str], receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})
        try:
            await self._admit(headers, receive, send)
        except DjangoDatabaseError:
            await send({"type": "websocket.close", "code": TRY_LATER, "reason": "try again"})

    async def _admit(self, headers: Mapping[str, str], receive: Receive, send: Send) -> None:
        session_key = parse_cookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME, "")
        viewer = await self._door.run(viewers.viewer_of, session_key) if session_key else None
        if viewer is None:
            await send({"type": "websocket.close", "code": SESSION_ENDED, "reason": "session ended"})
        elif not self.hub.has_room_for(viewer):
            await send({"type": "websocket.close", "code": REFUSED, "reason": "too many sockets"})
        else:
            await self._serve(Socket(send, viewer), receive)

    async def _serve(self, socket: Socket, receive: Receive) -> None:
        self.hub.join(socket)
        try:
            await self._rounds.begin()
            socket.say(frames.hello(self.hub.position))
            await self._listen(socket, receive)
        except BadFrame as bad:
            await socket.close(bad.code, bad.reason)
        except asyncio.CancelledError:
            # How `Socket.close` ends its listener; any other cancellation goes on.
            if not socket.is_closed:
                raise
        finally:
            self.hub.leave(socket)
            if not self.hub.sockets:
                self._rounds.end()

    async def _listen(self, socket: Socket, receive: Receive) -> None:
        while (message := await receive())["type"] != "websocket.disconnect":
            if not socket.spend_frame():
                raise BadFrame(REFUSED, "too many frames")
            match frames.read(message):
                case Subscribe(wanted, since):
                    await self.hub.subscribe(socket, wanted, since)
                case Unsubscribe(unwanted):
                    self.hub.unsubscribe(socket, unwanted)
                case Ping():
                    socket.say(frames.pong(self.hub.position))


def _headers(scope: Scope) -> dict[str, str]:
    """By lower-case name; repeated ones together, so that a second Origin is not overlooked."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}; {value}" if name in headers else value
    return headers


async def _turn_away(scope: Scope, send: Send) -> None:
    """Too many of this address: 429 where the server can say it instead of the handshake, else 403."""
    if "websocket.http.response" not in (scope.get("extensions") or {}):
        await send({"type": "websocket.close", "code": REFUSED})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"retry-after", b"60")]
    await send({"type": "websocket.http.response.start", "status": 429, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": b"Too many connections from this address.\n"})


async def _ask_for_upgrade(send: Send) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
        (b"x-content-type-options", b"nosniff"),
        (b"cache-control", b"no-store"),
        (b"connection", b"upgrade"),
        (b"upgrade", b"websocket"),
    ]
    await send({"type": "http.response.start", "status": UPGRADE_REQUIRED, "headers": headers})
    await send({"type": "http.response.body", "body": b"This address speaks WebSocket only.\n"})


application = LiveApplication()


async def shutdown() -> None:
    """Called by the server's lifespan."""
    application.close()
