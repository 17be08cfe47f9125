"""Writes winmail.dat for tests, as MS-OXTNEF and MS-OXRTFCP say."""

from __future__ import annotations

import struct

STRING, UNICODE, OBJECT, BINARY, LONG, TIME = 0x1E, 0x1F, 0x0D, 0x0102, 0x03, 0x40
MESSAGE = bytes.fromhex("0703020000000000c000000000000046")


def attribute(level: int, name: int, data: bytes) -> bytes:
    return struct.pack("<BII", level, name, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def tnef(*attributes: bytes) -> bytes:
    page = attribute(1, 0x00069007, struct.pack("<II", 1251, 1251))
    return b"\x78\x9f\x3e\x22\x01\x00" + page + b"".join(attributes)


def properties(*told: tuple[int, int, bytes]) -> bytes:
    out = bytearray(struct.pack("<I", len(told)))
    for kind, number, value in told:
        out += struct.pack("<HH", kind, number)
        if number >= 0x8000:
            out += b"g" * 16 + struct.pack("<II", 1, 6) + "abc".encode("utf-16-le") + b"\0\0"
        if kind in (STRING, UNICODE, OBJECT, BINARY):
            out += struct.pack("<II", 1, len(value)) + value + b"\0" * (-len(value) % 4)
        else:
            out += value
    return bytes(out)


def message(*told: tuple[int, int, bytes]) -> bytes:
    return attribute(1, 0x00069003, properties(*told))


def file(title: bytes, data: bytes, *told: tuple[int, int, bytes]) -> bytes:
    return (
        attribute(2, 0x00069002, b"\0" * 14)
        + attribute(2, 0x00018010, title + b"\0")
        + (attribute(2, 0x0006800F, data) if data else b"")
        + (attribute(2, 0x00069005, properties(*told)) if told else b"")
    )


def text(value: str) -> bytes:
    return value.encode("utf-16-le") + b"\0\0"


def stored_rtf(rtf: bytes) -> bytes:
    return struct.pack("<II4sI", len(rtf) + 12, len(rtf), b"MELA", 0) + rtf


def literal_rtf(rtf: bytes) -> bytes:
    """Packed without one reference, and the mark of the end."""
    out = bytearray()
    for at in range(0, len(rtf), 8):
        piece = rtf[at : at + 8]
        out += b"\0" + piece if len(piece) == 8 else bytes([1 << len(piece)]) + piece
    end = (207 + len(rtf)) % 4096 << 4
    mark = struct.pack(">H", end)
    out += mark if len(rtf) % 8 else b"\1" + mark
    return struct.pack("<II4sI", len(out) + 12, len(rtf), b"LZFu", 0) + bytes(out)
