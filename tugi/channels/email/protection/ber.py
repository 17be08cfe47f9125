"""ASN.1 in BER (X.690), as mail programs write it: indefinite lengths and strings in pieces too. No recursion, bounded.

`cryptography` reads DER only, and most S/MIME mail is not; this finds the pieces, that library does the mathematics.
"""

from __future__ import annotations

from dataclasses import dataclass, field

SEQUENCE, SET, OCTETS, OID, INTEGER = 0x30, 0x31, 0x04, 0x06, 0x02
MOST_NODES = 200_000
DEEPEST = 40


class BerError(Exception):
    """No BER, or more of it than is read."""


@dataclass
class Node:
    """`tag` is its first byte: class, form, number. `start` to `end` is all of it, `body` to `body_end` the content."""

    data: bytes
    tag: int
    start: int
    body: int
    body_end: int = -1
    end: int = -1
    children: list[Node] = field(default_factory=list)

    @property
    def raw(self) -> bytes:
        return self.data[self.start : self.end]

    @property
    def content(self) -> bytes:
        return self.data[self.body : self.body_end]

    @property
    def octets(self) -> bytes:
        """A string, joined if it was sent in pieces."""
        if not self.tag & 0x20:
            return self.content
        pieces: list[bytes] = []
        waiting = list(reversed(self.children))
        while waiting:
            node = waiting.pop()
            if node.tag & 0x20:
                waiting.extend(reversed(node.children))
            else:
                pieces.append(node.content)
        return b"".join(pieces)

    @property
    def oid(self) -> str:
        if self.tag != OID or not self.content:
            raise BerError
        numbers: list[int] = []
        value = 0
        for byte in self.content[:64]:
            value = value << 7 | byte & 0x7F
            if not byte & 0x80:
                numbers.append(value)
                value = 0
        first = min(numbers[0] // 40, 2) if numbers else 0
        return ".".join(map(str, [first, numbers[0] - 40 * first, *numbers[1:]])) if numbers else ""

    @property
    def integer(self) -> int:
        return int.from_bytes(self.content[:600], "big", signed=True)

    def child(self, number: int, tag: int | None = None) -> Node:
        """Raises BerError if there is none, or another than expected."""
        if number >= len(self.children) or (tag is not None and self.children[number].tag != tag):
            raise BerError
        return self.children[number]


def read_ber(data: bytes) -> Node:
    """The first value of the data with all within. Raises BerError. Linear."""
    at, count = 0, 0
    open_ones: list[Node] = []
    while True:
        while open_ones and 0 <= open_ones[-1].body_end == at:
            done = _close(open_ones, at)
            if not open_ones:
                return done
        if open_ones and open_ones[-1].body_end < 0 and data[at : at + 2] == b"\0\0":
            open_ones[-1].body_end = at
            at += 2
            done = _close(open_ones, at)
            if not open_ones:
                return done
            continue
        node, at = _head(data, at)
        count += 1
        limit = next((each.body_end for each in reversed(open_ones) if each.body_end >= 0), len(data))
        if count > MOST_NODES or len(open_ones) >= DEEPEST or max(node.body_end, at) > limit:
            raise BerError
        if open_ones:
            open_ones[-1].children.append(node)
        if node.tag & 0x20:
            open_ones.append(node)
            continue
        at = node.end = node.body_end
        if not open_ones:
            return node


def _close(open_ones: list[Node], at: int) -> Node:
    node = open_ones.pop()
    node.end = at
    return node


def _head(data: bytes, at: int) -> tuple[Node, int]:
    """The node whose tag and length stand there, its end unknown if the length is indefinite; where its content is."""
    if at + 2 > len(data) or data[at] & 0x1F == 0x1F:
        raise BerError
    tag, first, body = data[at], data[at + 1], at + 2
    node = Node(data, tag, at, body)
    if first == 0x80:
        if not tag & 0x20:
            raise BerError
        return node, body
    size = first
    if first & 0x80:
        width = first & 0x7F
        size = int.from_bytes(data[body : body + width], "big")
        body += width
        if width > 8 or body > len(data):
            raise BerError
    if body + size > len(data):
        raise BerError
    node.body, node.body_end = body, body + size
    return node, body


def der(tag: int, content: bytes) -> bytes:
    """A value in DER."""
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content
