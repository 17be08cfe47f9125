"""What travels on a live socket: the client's frames, read with suspicion, and the server's, as text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LONGEST_FRAME = 4096
MOST_TOPICS_IN_A_FRAME = 100
LONGEST_TOPIC = 64

UNREADABLE = 1003
REFUSED = 1008


class BadFrame(Exception):
    """The client broke the protocol: close with `code` and `reason`, which never repeat what it sent."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True)
class Subscribe:
    """Listen to these topics; with `since`, first hear what happened after that place in the log."""

    topics: tuple[str, ...]
    since: int | None


@dataclass(frozen=True)
class Unsubscribe:
    topics: tuple[str, ...]


@dataclass(frozen=True)
class Ping:
    pass


@dataclass(frozen=True, slots=True)
class Pointer:
    """Something happened; what it was is fetched through the ordinary pages. `text` is the frame."""

    topic: str
    seq: int
    ticket: int | None
    text: str


def read(message: Mapping[str, Any]) -> Subscribe | Unsubscribe | Ping:
    """The frame in an ASGI `websocket.receive` message. Raises BadFrame."""
    text = message.get("text")
    if text is None:
        raise BadFrame(UNREADABLE, "only text")
    if len(text) > LONGEST_FRAME:
        raise BadFrame(REFUSED, "too long")
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadFrame(UNREADABLE, "not JSON") from error
    match frame:
        case {"op": "subscribe", "topics": list(topics)}:
            return Subscribe(_topics(topics), _since(frame.get("since")))
        case {"op": "unsubscribe", "topics": list(topics)}:
            return Unsubscribe(_topics(topics))
        case {"op": "ping"}:
            return Ping()
    raise BadFrame(REFUSED, "unknown frame")


def hello(seq: int) -> str:
    return _write(op="hello", seq=seq)


def subscribed(topics: Sequence[str], seq: int) -> str:
    return _write(op="subscribed", topics=topics, seq=seq)


def refused(topics: Sequence[str]) -> str:
    """Not there, or not for this agent: the two look the same."""
    return _write(op="refused", topics=topics)


def pointer(topic: str, seq: int, kind: str, ticket: int | None = None) -> Pointer:
    named = {} if ticket is None else {"ticket": ticket}
    return Pointer(topic, seq, ticket, _write(op="pointer", topic=topic, seq=seq, kind=kind, **named))


def reload(seq: int) -> str:
    return _write(op="reload", seq=seq)


def pong(seq: int) -> str:
    return _write(op="pong", seq=seq)


def _topics(topics: Sequence[object]) -> tuple[str, ...]:
    words = [topic for topic in topics if isinstance(topic, str) and len(topic) <= LONGEST_TOPIC]
    if len(words) != len(topics) or len(words) > MOST_TOPICS_IN_A_FRAME:
        raise BadFrame(REFUSED, "bad topics")
    return tuple(dict.fromkeys(words))


def _since(since: object) -> int | None:
    if since is None:
        return None
    if type(since) is not int or not 0 <= since < 2**63:
        raise BadFrame(REFUSED, "bad since")
    return since


def _write(**frame: Any) -> str:
    return json.dumps(frame, separators=(",", ":"))
