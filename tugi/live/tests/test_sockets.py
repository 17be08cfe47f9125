from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tugi.live import frames, sockets
from tugi.live.sockets import Socket
from tugi.live.viewers import Viewer

VIEWER = Viewer(agent_id=1, session="s", standing=0, departments=None)
Story = Callable[["Client"], Awaitable[None]]


class Client:
    """The other end: reads only while `reads` is set."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.closed_with: int | None = None
        self.reads = asyncio.Event()
        self.socket = Socket(self._take, VIEWER)

    async def _take(self, message: dict[str, Any]) -> None:
        await self.reads.wait()
        if message["type"] == "websocket.close":
            self.closed_with = message["code"]
        else:
            self.heard.append(json.loads(message["text"]))

    def point(self, topic: str, seq: int, ticket: int | None = None) -> None:
        self.socket.point(frames.pointer(topic, seq, "ticket.opened", ticket))

    async def read(self) -> list[int]:
        """Read all there is; the places in the log in the order they came."""
        self.reads.set()
        await asyncio.sleep(0.01)
        return [frame["seq"] for frame in self.heard]


def run(story: Story) -> None:
    async def stage() -> None:
        await story(Client())

    asyncio.run(stage())


def test_a_slow_client_gets_the_newest_pointer_of_each_topic() -> None:
    async def story(client: Client) -> None:
        client.point("me", 1)
        await asyncio.sleep(0)
        for seq in range(2, 50):
            client.point("ticket:7", seq, 7)
            client.point("inbox", seq + 50, 8)
        assert await client.read() == [1, 49, 99]

    run(story)


def test_very_many_pointers_of_the_inbox_become_one() -> None:
    async def story(client: Client) -> None:
        for seq in range(1, 2000):
            client.point("inbox", seq, seq)
        client.point("ticket:5", 2000, 5)
        await client.read()
        assert [(frame["topic"], frame.get("ticket")) for frame in client.heard] == [
            ("inbox", None),
            ("ticket:5", 5),
        ]
        assert client.heard[0]["kind"] == "many"
        assert client.heard[0]["seq"] == 1999

    run(story)


def test_what_was_missed_comes_before_what_came_meanwhile() -> None:
    async def story(client: Client) -> None:
        client.socket.hold()
        client.point("ticket:7", 9, 7)
        client.socket.say(frames.subscribed(["me"], 8))
        assert await client.read() == []
        client.socket.release(
            [frames.pointer("ticket:7", 5, "x", 7), frames.pointer("me", 6, "x"), frames.pointer("me", 7, "x")]
        )
        assert await client.read() == [7, 9, 8]

    run(story)


def test_nothing_is_left_running_for_an_idle_socket() -> None:
    async def story(client: Client) -> None:
        client.point("me", 1)
        await client.read()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    run(story)


def test_a_client_that_does_not_read_is_hopeless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "STALLED_SECONDS", 0.02)

    async def story(client: Client) -> None:
        assert not client.socket.is_hopeless
        client.point("me", 1)
        await asyncio.sleep(0.05)
        assert client.socket.is_hopeless

    run(story)


def test_closing_a_client_that_hangs_ends_its_listener(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "CLOSE_SECONDS", 0.01)

    async def stage() -> None:
        made = asyncio.Queue[Client]()

        async def listen() -> None:
            made.put_nowait(Client())
            await asyncio.Event().wait()

        listener = asyncio.create_task(listen())
        client = await made.get()
        client.point("me", 1)
        await client.socket.close(1013, "too slow")
        await asyncio.wait([listener])
        assert listener.cancelled()
        assert client.closed_with is None

    asyncio.run(stage())


def test_nothing_is_said_after_the_goodbye() -> None:
    async def story(client: Client) -> None:
        client.reads.set()
        await client.socket.close(1008, "bye")
        client.point("me", 1)
        await client.socket.close(1011, "again")
        assert await client.read() == []
        assert client.closed_with == 1008

    run(story)


def test_a_client_may_say_so_much_and_then_so_much_a_second() -> None:
    async def story(client: Client) -> None:
        assert all(client.socket.spend_frame() for _ in range(sockets.BURST))
        assert not client.socket.spend_frame()
        await asyncio.sleep(1.1 / sockets.FRAMES_A_SECOND)
        assert client.socket.spend_frame()

    run(story)
