"""A line that can be bad: a TCP proxy between the desk and a server, whose fault is changed while it runs."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

PIECE = 4096


@dataclass(frozen=True)
class Fault:
    """What is wrong with the line. Counts are of bytes from the server.

    `latency` is in seconds for each piece, `rate` in bytes a second (0: no limit). After `cut_after` bytes the line is
    closed, or with `reset` torn (RST). A `black_hole` takes the connection and says nothing. A `greeting` is said in
    the server's place before the line is closed.
    """

    latency: float = 0.0
    rate: float = 0.0
    cut_after: int | None = None
    reset: bool = False
    black_hole: bool = False
    greeting: bytes = b""


SOUND = Fault()


@dataclass
class FaultProxy:
    """Listens at `port`. A new `fault` counts for connections made from then on; `connections` counts them."""

    server_port: int
    port: int = 0
    fault: Fault = SOUND
    connections: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, ready: threading.Event, over: asyncio.Event) -> None:
        server = await asyncio.start_server(self._take, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        async with server:
            await over.wait()
            for task in self._tasks:
                task.cancel()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with suppress(OSError, asyncio.CancelledError):
                await self._carry(self.fault, reader, writer)
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _carry(self, fault: Fault, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if fault.black_hole:
            await asyncio.sleep(3600)
        if fault.greeting:
            writer.write(fault.greeting)
            await writer.drain()
            return
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.server_port)
        out = asyncio.create_task(_copy(reader, far_writer, SOUND))
        back = asyncio.create_task(_copy(far_reader, writer, fault))
        try:
            await asyncio.wait((out, back), return_when=asyncio.FIRST_COMPLETED)
            if back.done() and fault.reset:
                _tear(writer)
        finally:
            out.cancel()
            back.cancel()
            far_writer.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, fault: Fault) -> None:
    """Until the end of what is read, or until the fault ends it."""
    left = fault.cut_after
    with suppress(OSError):
        while (left is None or left > 0) and (piece := await reader.read(PIECE if left is None else min(PIECE, left))):
            if fault.latency:
                await asyncio.sleep(fault.latency)
            if fault.rate:
                await asyncio.sleep(len(piece) / fault.rate)
            writer.write(piece)
            await writer.drain()
            left = None if left is None else left - len(piece)


def _tear(writer: asyncio.StreamWriter) -> None:
    """Close without a farewell: who lingers for no time sends a reset (SO_LINGER, socket(7))."""
    raw = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport = writer.transport
    transport.abort()


@contextmanager
def fault_proxy(server_port: int) -> Iterator[FaultProxy]:
    """A sound line to that port on loopback, in a thread of its own, while the block lasts."""
    proxy, ready = FaultProxy(server_port), threading.Event()
    loop = asyncio.new_event_loop()
    over = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(proxy.serve(ready, over),), daemon=True)
    thread.start()
    assert ready.wait(10), "the proxy did not come up"
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(5)
