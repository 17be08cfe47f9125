"""Property lists of MAPI as TNEF carries them (MS-OXTNEF 2.1.3.2): from bytes to values by their ids.

Lengths in the list are the sender's word: each is held against what is left, and the list ends where one lies.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SUBJECT, CLIENT_SUBMIT_TIME, SENDER_NAME, SENDER_ADDRESS = 0x0037, 0x0039, 0x0C1A, 0x0C1F
SENT_FOR_NAME, SENT_FOR_ADDRESS = 0x0042, 0x0065
BODY, RTF_COMPRESSED, BODY_HTML, CODE_PAGE = 0x1000, 0x1009, 0x1013, 0x3FDE
DISPLAY_NAME = 0x3001
ATTACH_DATA, ATTACH_FILENAME, ATTACH_LONG_FILENAME, ATTACH_MIME_TAG = 0x3701, 0x3704, 0x3707, 0x370E
ATTACH_CONTENT_ID = 0x3712

STRING, UNICODE, OBJECT, BINARY = 0x1E, 0x1F, 0x0D, 0x0102
_FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_MANY = 0x1000
_NAMED = 0x8000
_U16, _U32, _U64 = struct.Struct("<H"), struct.Struct("<I"), struct.Struct("<Q")
_SMALLEST_PROPERTY = 8
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


class Truncated(Exception):
    """The data ends before what it announces."""


@dataclass(frozen=True)
class Value:
    kind: int
    data: bytes


class Cursor:
    """A place in bytes, from which numbers and pieces are taken. Raises Truncated."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at

    @property
    def left(self) -> int:
        return len(self.data) - self.at

    def take(self, size: int) -> bytes:
        if size > self.left:
            raise Truncated
        self.at += size
        return self.data[self.at - size : self.at]

    def skip(self, size: int) -> None:
        self.at = min(self.at + size, len(self.data))

    def u16(self) -> int:
        return int(_U16.unpack(self.take(2))[0])

    def u32(self) -> int:
        return int(_U32.unpack(self.take(4))[0])


class Properties:
    """What a list says, by id; `is_whole` is False if it was cut short or names a type that nobody knows."""

    def __init__(self, data: bytes) -> None:
        self.values: dict[int, Value] = {}
        self.is_whole = True
        cursor = Cursor(data)
        try:
            count = cursor.u32()
            for _ in range(min(count, len(data) // _SMALLEST_PROPERTY + 1)):
                self._read(cursor)
        except Truncated:
            self.is_whole = False

    def _read(self, cursor: Cursor) -> None:
        kind, number = cursor.u16(), cursor.u16()
        if number >= _NAMED:
            _skip_name(cursor)
        base = kind & ~_MANY
        if base in (STRING, UNICODE, OBJECT, BINARY):
            values = _variable(cursor)
        elif base in _FIXED:
            count = cursor.u32() if kind & _MANY else 1
            values = [cursor.take(_FIXED[base])]
            cursor.take(_FIXED[base] * (count - 1)) if count > 1 else None
        elif base in (0, 1):
            return
        else:
            raise Truncated
        if number < _NAMED and values:
            self.values.setdefault(number, Value(base, values[0]))

    def text(self, number: int, codec: str) -> str:
        """Text, or binary that holds text; empty if there is none."""
        value = self.values.get(number)
        if value is None or value.kind not in (STRING, UNICODE, BINARY):
            return ""
        return value.data.decode("utf-16-le" if value.kind == UNICODE else codec, "replace").rstrip("\0")

    def data(self, number: int) -> bytes:
        value = self.values.get(number)
        return value.data if value is not None and value.kind in (BINARY, OBJECT) else b""

    def number(self, number: int) -> int:
        value = self.values.get(number)
        return int(_U32.unpack(value.data)[0]) if value is not None and len(value.data) == 4 else 0

    def time(self, number: int) -> datetime | None:
        """A FILETIME: tenths of microseconds since 1601."""
        value = self.values.get(number)
        if value is None or value.kind != 0x40:
            return None
        try:
            return _EPOCH + timedelta(microseconds=_U64.unpack(value.data)[0] // 10)
        except OverflowError:
            return None


def _skip_name(cursor: Cursor) -> None:
    cursor.take(16)
    kind, size = cursor.u32(), cursor.u32()
    if kind == 1:
        cursor.take(size)
        cursor.skip(-size % 4)


def _variable(cursor: Cursor) -> list[bytes]:
    """One or several values with lengths; only the first is kept."""
    count = cursor.u32()
    kept: list[bytes] = []
    for _ in range(min(count, cursor.left // 4 + 1)):
        size = cursor.u32()
        value = cursor.take(size)
        cursor.skip(-size % 4)
        if not kept:
            kept.append(value)
    return kept
