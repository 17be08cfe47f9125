"""What travels to the process with the keys and back: lengths, JSON, bytes."""

from __future__ import annotations

import json
import struct
from typing import Any

SIZES = struct.Struct(">QQ")
"""Length of the JSON, and of the bytes that follow it."""


def pack(told: dict[str, Any], data: bytes) -> bytes:
    text = json.dumps(told).encode("ascii")
    return SIZES.pack(len(text), len(data)) + text + data


def unpack(frame: bytes) -> tuple[dict[str, Any], bytes]:
    """Raises ValueError if the frame is cut short."""
    if len(frame) < SIZES.size:
        raise ValueError("the answer is cut short")
    told, size = SIZES.unpack_from(frame)
    text, data = frame[SIZES.size : SIZES.size + told], frame[SIZES.size + told :]
    if len(data) != size:
        raise ValueError("the answer is cut short")
    found = json.loads(text)
    assert isinstance(found, dict)
    return found, data
