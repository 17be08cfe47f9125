"""The bytes of a client, read strictly: a line ends with CR LF (RFC 5321 2.3.8), and with nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

ANY_LINE_END = b"\n"


class BareLineEnd(Exception):
    """A command holds a CR or an LF that is not part of a CR LF."""


class Reader(asyncio.StreamReader):
    _buffer: bytearray

    async def readuntil(self, separator: Any = ANY_LINE_END) -> bytes:
        """As its parent's; the next command where none is named. Raises BareLineEnd, having read it."""
        if separator != ANY_LINE_END:
            return await super().readuntil(separator)
        line = await super().readuntil(b"\r\n")
        if b"\n" in line[:-2] or b"\r" in line[:-2]:
            raise BareLineEnd
        return line

    def unread(self, piece: bytes) -> None:
        """Let it be read again, first."""
        self._buffer[:0] = piece

    @property
    def holds_more(self) -> bool:
        """Has the client sent anything that was not read yet?"""
        return bool(self._buffer)


class StrictProtocol(asyncio.StreamReaderProtocol):
    """Put below aiosmtpd's server in the order of classes, to give it our reader in place of its own."""

    def __init__(
        self,
        stream_reader: asyncio.StreamReader,
        client_connected_cb: Callable[..., Any] | None = None,
        loop: asyncio.AbstractEventLoop | None = None,
        *,
        limit: int = 64 * 1024,
    ) -> None:
        self.strict_reader = Reader(limit=limit, loop=loop)
        super().__init__(self.strict_reader, client_connected_cb, loop)
