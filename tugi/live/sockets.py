"""One live socket: what waits to be sent, and how much its client may ask."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from tugi.live import frames, topics
from tugi.live.frames import Pointer
from tugi.live.viewers import Viewer

Send = Callable[[dict[str, Any]], Awaitable[None]]

MOST_INBOX_POINTERS = 50
MOST_WAITING = 1000
STALLED_SECONDS = 20.0
CLOSE_SECONDS = 1.0
BURST = 40
FRAMES_A_SECOND = 5.0
MANY = "many"


class Socket:
    """Frames wait in the order of the log, one for each topic and ticket: a slow client gets the newest
    pointer, not all of them. Nothing runs for an idle socket; its sending task lives only while
    something waits.
    """

    __slots__ = (
        "_allowance",
        "_asked_at",
        "_held",
        "_listener",
        "_named",
        "_send",
        "_sender",
        "_sending_since",
        "_waiting",
        "is_closed",
        "topics",
        "viewer",
    )

    def __init__(self, send: Send, viewer: Viewer) -> None:
        """Made in the task that listens to the client, which ends if the client hangs."""
        self.viewer = viewer
        self.topics: set[str] = set()
        self.is_closed = False
        self._send = send
        self._listener = asyncio.current_task()
        self._sender: asyncio.Task[None] | None = None
        self._sending_since = 0.0
        self._waiting: dict[str, str] = {}
        self._named = 0
        self._held = False
        self._allowance, self._asked_at = float(BURST), time.monotonic()

    def say(self, text: str) -> None:
        """A frame that no newer one replaces."""
        self._named += 1
        self._wait(f"#{self._named}", text)

    def point(self, pointer: Pointer) -> None:
        """A pointer, in the place of an older one that still waits for the same topic and ticket."""
        if pointer.topic != topics.INBOX:
            self._wait(pointer.topic, pointer.text)
        elif topics.INBOX in self._waiting or len(self._waiting) > MOST_INBOX_POINTERS:
            self._point_at_whole_inbox(pointer.seq)
        else:
            self._wait(f"{topics.INBOX} {pointer.ticket}", pointer.text)

    def hold(self) -> None:
        """Send nothing until `release`; what comes meanwhile waits."""
        self._held = True

    def release(self, missed: Iterable[Pointer]) -> None:
        """Send again: what was missed, then what came meanwhile."""
        later, self._waiting = self._waiting, {}
        for pointer in missed:
            self.point(pointer)
        for key, text in later.items():
            self._wait(key, text)
        self._held = False
        self._start()

    def spend_frame(self) -> bool:
        """Whether the client may send one more frame now."""
        now = time.monotonic()
        earned = (now - self._asked_at) * FRAMES_A_SECOND
        self._allowance, self._asked_at = min(float(BURST), self._allowance + earned), now
        if self._allowance < 1:
            return False
        self._allowance -= 1
        return True

    @property
    def is_hopeless(self) -> bool:
        """Whether the client does not take what it is sent."""
        stalled = self._sender is not None and time.monotonic() - self._sending_since > STALLED_SECONDS
        return stalled or len(self._waiting) > MOST_WAITING

    async def close(self, code: int, reason: str) -> None:
        """Say goodbye, or not if the client does not even take that, and end the task that listens."""
        if self.is_closed:
            return
        self.is_closed = True
        if self._sender is not None:
            self._sender.cancel()
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._send({"type": "websocket.close", "code": code, "reason": reason})
        except (TimeoutError, OSError, RuntimeError):
            # It is gone already, or hangs: there is nobody to say it to.
            self._waiting.clear()
        if self._listener is not None and self._listener is not asyncio.current_task():
            self._listener.cancel()

    def _wait(self, key: str, text: str) -> None:
        self._waiting.pop(key, None)
        self._waiting[key] = text
        self._start()

    def _point_at_whole_inbox(self, seq: int) -> None:
        for key in [key for key in self._waiting if key.startswith(topics.INBOX)]:
            del self._waiting[key]
        self._wait(topics.INBOX, frames.pointer(topics.INBOX, seq, MANY).text)

    def _start(self) -> None:
        if self._sender is None and self._waiting and not self._held and not self.is_closed:
            self._sending_since = time.monotonic()
            self._sender = asyncio.create_task(self._send_waiting())

    async def _send_waiting(self) -> None:
        try:
            while self._waiting and not self._held:
                text = self._waiting.pop(next(iter(self._waiting)))
                self._sending_since = time.monotonic()
                await self._send({"type": "websocket.send", "text": text})
        except (OSError, RuntimeError):
            # The client is gone (a server says it in either way), and its listener hears of it.
            self._waiting.clear()
        finally:
            self._sender = None
