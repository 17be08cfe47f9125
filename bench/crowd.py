"""Many browsers' sockets in one process: `python -m bench.crowd PORT COUNT COOKIE`, sessions and orders by line.

The first line holds the sessions. Then "listen TOPIC", "only TOPIC" (the first socket alone), "clear", "told" (the
times of arrival, by socket), "quit"; each answered by a line of JSON. Times are the machine's clock.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import sys
import time

AT_ONCE = 50


class Visitor:
    """One socket, spoken by hand (RFC 6455): a library's buffers would be larger than what is measured."""

    def __init__(self, port: int, cookie: str) -> None:
        self.told: list[float] = []
        self._port, self._cookie = port, cookie

    async def come(self) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        origin, key = f"127.0.0.1:{self._port}", base64.b64encode(os.urandom(16)).decode()
        lines = (
            "GET /live/ HTTP/1.1", f"Host: {origin}", f"Origin: http://{origin}", "Upgrade: websocket",
            "Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", f"Cookie: {self._cookie}",
        )  # fmt: skip
        self._writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        await self._reader.readuntil(b"\r\n\r\n")
        assert json.loads(await self._frame())["op"] == "hello"
        self._subscribed = asyncio.Event()
        self._listening = asyncio.create_task(self._listen())

    async def subscribe(self, topic: str) -> None:
        self._subscribed.clear()
        frame = json.dumps({"op": "subscribe", "topics": [topic]}).encode()
        self._writer.write(bytes([0x81, 0x80 | len(frame)]) + bytes(4) + frame)
        await self._subscribed.wait()

    async def _listen(self) -> None:
        while True:
            frame = json.loads(await self._frame())
            if frame["op"] == "pointer":
                self.told.append(time.time())
            elif frame["op"] == "subscribed":
                self._subscribed.set()

    async def _frame(self) -> bytes:
        first, second = await self._reader.readexactly(2)
        size = second & 127
        if size == 126:
            size = int.from_bytes(await self._reader.readexactly(2), "big")
        data = await self._reader.readexactly(size)
        if first & 15 == 9:
            self._writer.write(bytes([0x8A, 0x80 | size]) + bytes(4) + data)
            return await self._frame()
        return data


async def main(port: int, count: int, cookie_name: str) -> None:
    sessions = json.loads(sys.stdin.readline())
    visitors = [Visitor(port, f"{cookie_name}={sessions[place % len(sessions)]}") for place in range(count)]
    for start in range(0, count, AT_ONCE):
        await asyncio.gather(*(visitor.come() for visitor in visitors[start : start + AT_ONCE]))
    _say(count)
    loop = asyncio.get_running_loop()
    while (order := (await loop.run_in_executor(None, sys.stdin.readline)).split()) and order[0] != "quit":
        if order[0] in ("listen", "only"):
            chosen = visitors if order[0] == "listen" else visitors[:1]
            for start in range(0, len(chosen), AT_ONCE):
                await asyncio.gather(*(visitor.subscribe(order[1]) for visitor in chosen[start : start + AT_ONCE]))
        elif order[0] == "clear":
            for visitor in visitors:
                visitor.told.clear()
        _say([visitor.told[0] for visitor in visitors if visitor.told] if order[0] == "told" else "done")


def _say(value: object) -> None:
    print(json.dumps(value), flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
