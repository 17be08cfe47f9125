from __future__ import annotations

import asyncio
from collections.abc import Sequence
from unittest import TestCase

from tugi.channels.email.receiving.data import Plain, pieces
from tugi.channels.email.receiving.reader import BareLineEnd, Reader

MAIL = b"Subject: dots\r\n\r\n..one\r\n.two\r\n...\r\n\r\nend\r\n.x"
SENT = b"Subject: dots\r\n\r\n...one\r\n..two\r\n....\r\n\r\nend\r\n..x\r\n.\r\n"


async def read(parts: Sequence[bytes], limit: int) -> tuple[bytes, bytes]:
    """The mail, and what stands behind it."""
    reader = Reader(limit=limit)
    for part in parts:
        reader.feed_data(part)
    reader.feed_eof()
    plain = Plain()
    mail = b"".join([plain.feed(piece) async for piece in pieces(reader)]) + plain.rest()
    return mail, await reader.read()


class DataTest(TestCase):
    def test_dots_come_off_wherever_the_stream_is_cut(self) -> None:
        for limit in range(5, 70):
            self.assertEqual(asyncio.run(read([SENT, b"QUIT\r\n"], limit)), (MAIL + b"\r\n", b"QUIT\r\n"), limit)

    def test_an_empty_mail_ends_at_once(self) -> None:
        self.assertEqual(asyncio.run(read([b".\r\nQUIT\r\n"], 20)), (b"", b"QUIT\r\n"))
        self.assertEqual(asyncio.run(read([b"\r\n.\r\nQUIT\r\n"], 20)), (b"\r\n", b"QUIT\r\n"))

    def test_only_cr_lf_ends_a_mail(self) -> None:
        for end in (b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\n", b"\r\n.\r", b"\r.\r\n"):
            sent = b"a" + end + b"b\r\n.\r\n"
            for limit in (5, 6, 7, 100):
                self.assertIn(b"b", asyncio.run(read([sent], limit))[0], (end, limit))

    def test_a_command_ends_with_cr_lf_and_nothing_else(self) -> None:
        async def first(line: bytes) -> bytes:
            reader = Reader()
            reader.feed_data(line)
            return await reader.readuntil()

        self.assertEqual(asyncio.run(first(b"NOOP\r\nQUIT\r\n")), b"NOOP\r\n")
        for line in (b"NOOP\nQUIT\r\n", b"NOOP\rQUIT\r\n"):
            with self.assertRaises(BareLineEnd):
                asyncio.run(first(line))
