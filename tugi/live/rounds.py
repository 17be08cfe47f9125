"""What runs while there are sockets: one task follows the log and tells, one asks whether the people
behind the sockets may still be there. Both end with the last socket."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import structlog
from django.db import Error as DjangoDatabaseError

from tugi.live import log, viewers
from tugi.live.hub import Hub
from tugi.live.pulse import Pulse
from tugi.live.sockets import Socket
from tugi.live.threads import DatabaseThread

RECHECK_SECONDS = 3.0
RETRY_SECONDS = 1.0
SESSION_ENDED = 4401
TRY_LATER = 1013
BROKEN = 1011

T = TypeVar("T")
logger = structlog.get_logger(__name__)


class Rounds:
    """`reader` is the thread that reads the log: a rush at the door does not delay what happens."""

    def __init__(self, hub: Hub, reader: DatabaseThread, pulse: Pulse) -> None:
        self._hub = hub
        self._reader = reader
        self._pulse = pulse
        self._tasks: set[asyncio.Task[None]] = set()
        self._farewells: set[asyncio.Task[None]] = set()
        self._knows_position = asyncio.Event()

    async def begin(self) -> None:
        """Run, if not yet, and return when the hub's position is that of the log."""
        if not self._tasks:
            self._start(self._follow())
            self._start(self._watch())
        await self._knows_position.wait()

    def end(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()
        self._knows_position.clear()

    async def _follow(self) -> None:
        self._hub.position = await self._surely(log.head)
        self._knows_position.set()
        while True:
            await self._pulse.beat()
            for happening in await self._surely(lambda: log.read(self._hub.position)):
                self._hub.tell(happening)
                await asyncio.sleep(0)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(RECHECK_SECONDS)
            present = {socket.viewer for socket in self._hub.sockets}
            ended = await self._surely(lambda: viewers.ended(present))  # noqa: B023 - awaited here
            for socket in list(self._hub.sockets):
                if socket.viewer in ended:
                    self._take_leave(socket, SESSION_ENDED, "session ended")
                elif socket.is_hopeless:
                    self._take_leave(socket, TRY_LATER, "too slow")

    async def _surely(self, read: Callable[[], T]) -> T:
        """What the database says, however long it takes to come back."""
        while True:
            try:
                return await self._reader.run(read)
            except DjangoDatabaseError as error:
                logger.warning("live.database_unavailable", error=type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        """A task that broke takes the sockets along: their clients come back and find new rounds."""
        self._tasks.discard(task)
        if task.cancelled() or task.exception() is None:
            return
        logger.error("live.rounds_broken", exc_info=task.exception())
        self.end()
        for socket in list(self._hub.sockets):
            self._take_leave(socket, BROKEN, "try again")

    def _take_leave(self, socket: Socket, code: int, reason: str) -> None:
        farewell = asyncio.create_task(socket.close(code, reason))
        self._farewells.add(farewell)
        farewell.add_done_callback(self._farewells.discard)
