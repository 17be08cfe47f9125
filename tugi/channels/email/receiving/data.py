"""The bytes of a mail as they stream in after DATA (RFC 5321 4.5.2): to the disk, never whole into memory."""

from __future__ import annotations

import asyncio
import re
import tempfile
import time
from collections.abc import AsyncIterator
from typing import IO

from tugi.channels.email.receiving.gate import Limits
from tugi.channels.email.receiving.reader import Reader
from tugi.core import blobs

END = b"\r\n.\r\n"
LINE_END = b"\r\n"
IN_MEMORY = 256 * 1024
_END_FOR_OTHERS = re.compile(rb"(?:\r\n|\r|\n)\.(?:\r\n|\r|\n)")


class TooSlow(Exception):
    """The client sends too slowly, or nothing at all."""


class TooMuch(Exception):
    """The client goes on and on; what it sends is no longer read."""


class Delivery:
    """One mail while it comes in: `file` holds it, and is the caller's to close.

    What `is_too_large`, `is_smuggled` or met an `error` is read to its end, and not to be taken. Raises OSError.
    """

    def __init__(self, size_limit: int) -> None:
        folder = str(blobs.drafts())
        self.file: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY, dir=folder)  # noqa: SIM115
        self.error: OSError | None = None
        self.size = 0
        self.is_smuggled = False
        self._size_limit = size_limit
        self._plain = Plain()
        self._tail = b""

    @property
    def is_too_large(self) -> bool:
        return self.size > self._size_limit

    async def receive(self, reader: Reader, limits: Limits) -> None:
        """Read to the end of the mail. Raises TooSlow or TooMuch where the client does not come to it."""
        started = time.monotonic()
        stream = pieces(reader)
        while True:
            deadline = started + limits.grace_seconds + self.size / limits.slowest
            try:
                async with asyncio.timeout(deadline - time.monotonic()):
                    piece = await anext(stream, None)
            except TimeoutError as error:
                raise TooSlow from error
            if piece is None:
                return self._write(self._plain.rest())
            self._take(piece)
            if self.size > 2 * self._size_limit:
                raise TooMuch

    def _take(self, piece: bytes) -> None:
        seen = self._tail + piece
        self.is_smuggled = self.is_smuggled or _END_FOR_OTHERS.search(seen) is not None
        self._tail = seen[-len(END) :]
        self._write(self._plain.feed(piece))

    def _write(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.is_too_large or self.error is not None:
            return
        try:
            self.file.write(piece)
        except OSError as error:  # a full disk: the client is heard out, and told then
            self.error = error


class Plain:
    """Takes off the dot that a client puts before a line that begins with one, wherever the pieces are cut.

    The CR LF that comes first is that of the line before the mail, and no part of it.
    """

    def __init__(self) -> None:
        self._held = b""
        self._before = len(LINE_END)

    def feed(self, piece: bytes) -> bytes:
        piece = self._held + piece
        keep = next((size for size in (2, 1) if piece.endswith(LINE_END[:size])), 0)
        self._held = piece[len(piece) - keep :]
        return self._without_first(piece[: len(piece) - keep].replace(b"\r\n.", LINE_END))

    def rest(self) -> bytes:
        held, self._held = self._held, b""
        return self._without_first(held)

    def _without_first(self, piece: bytes) -> bytes:
        cut = min(self._before, len(piece))
        self._before -= cut
        return piece[cut:]


async def pieces(reader: Reader) -> AsyncIterator[bytes]:
    """What comes before the lone dot, in pieces; it begins with the end of the line before the mail.

    Only CR LF ends a line here. Whatever else stands around a lone dot is a part of the mail.
    """
    reader.unread(LINE_END)
    while True:
        try:
            piece = await reader.readuntil(END)
        except asyncio.LimitOverrunError as error:
            yield await reader.readexactly(error.consumed)
        else:
            yield piece[: -len(b".\r\n")]
            return
