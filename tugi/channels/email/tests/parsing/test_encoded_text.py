"""Rule 1.12.5: files that stand in the text as letters become files; what only looks like one stays text."""

# ruff: noqa: E501 - mails are kept on one line
from __future__ import annotations

import binascii
import time
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tugi.channels.email.parsing.encoded_text import take_files
from tugi.channels.email.tests.parsing.mails import read

CONTENT = bytes(range(256)) * 3


def uuencoded(data: bytes, name: str = "a b.bin") -> bytes:
    lines = [binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45)]
    return f"begin 644 {name}\n".encode() + b"".join(lines) + b"`\nend\n"


def yencoded(data: bytes, name: str = "a b.bin", size: int | None = None, crc: int | None = None) -> bytes:
    out = bytearray()
    for value in data:
        code = (value + 42) % 256
        out += bytes([61, (code + 64) % 256]) if code in (0, 10, 13, 61) else bytes([code])
    length = len(data) if size is None else size
    check = zlib.crc32(data) if crc is None else crc
    return b"=ybegin line=9999 size=%d name=%s\r\n%s\r\n=yend size=%d crc32=%08x\r\n" % (
        length,
        name.encode(),
        bytes(out),
        length,
        check,
    )


@pytest.mark.parametrize("encoded", [uuencoded(CONTENT), yencoded(CONTENT)])
def test_a_file_in_the_text_is_a_file(encoded: bytes) -> None:
    found = read(b"Before\n\n" + encoded + b"\nAfter\n", Content_Type="text/plain; charset=utf-8")
    assert found.text.split() == ["Before", "After"]
    assert [(each.name, each.content) for each in found.attachments] == [("a b.bin", CONTENT)]


def test_several_files_are_taken_in_their_order() -> None:
    rest, files = take_files(uuencoded(b"one", "1") + b"between\n" + yencoded(b"two", "2") + uuencoded(b"three", "3"))
    assert rest == b"between\n"
    assert [(each.name, each.data) for each in files] == [(b"1", b"one"), (b"2", b"two"), (b"3", b"three")]


def test_blanks_cut_at_the_ends_of_lines_are_filled_in() -> None:
    lines = uuencoded(b"\0" * 45).replace(b"`", b" ").splitlines()
    _, files = take_files(b"\n".join(line.rstrip(b" ") or b" " for line in lines) + b"\n")
    assert files[0].data == b"\0" * 45


@pytest.mark.parametrize(
    "text",
    [
        b"begin 644 plan\nwe meet at noon, and then we shall see how it goes\nend\n",
        b"begin 644 never.bin\n#0V%T\n",
        b"begin 644 empty\nend\n",
        b"begin the beguine\nend\n",
        yencoded(CONTENT, size=5),
        yencoded(CONTENT, crc=5),
        yencoded(CONTENT).partition(b"=yend")[0],
        b"=ybegin line=128 size=1\nx\n=yend size=1\n",
    ],
)
def test_what_is_no_whole_file_stays_text(text: bytes) -> None:
    assert take_files(text) == (text, [])


def test_a_part_of_a_file_is_named_as_one() -> None:
    text = b"=ybegin part=2 total=3 line=128 size=9 name=a.bin\r\n=ypart begin=4 end=6\r\n\x8b\x8c\x8d\r\n=yend size=3 part=2 pcrc32=%08x\r\n"
    _, files = take_files(text % zlib.crc32(b"abc"))
    assert [(each.name, each.data) for each in files] == [(b"a.bin.part2", b"abc")]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                b"begin 644 a\n",
                b"end\n",
                b"#0V%T\n",
                b"`\n",
                b"=ybegin size=1 name=a\n",
                b"=yend size=1\n",
                b"=",
                b"\r\n",
            ]
        )
        | st.binary(max_size=6),
        max_size=40,
    )
)
def test_any_text_is_looked_through(pieces: list[bytes]) -> None:
    text = b"".join(pieces)
    rest, files = take_files(text)
    assert files or rest == text


@pytest.mark.parametrize(
    "piece",
    [
        b"begin 644 a\n",
        b"begin 644 a\n#0V%T\n",
        b"=ybegin size=1 name=a\n",
        b"=ybegin size=1 name=a\n=",
        uuencoded(b"x"),
    ],
)
def test_twice_the_text_takes_twice_the_time(piece: bytes) -> None:
    started = time.process_time()
    take_files(piece * (4_000_000 // len(piece)))
    assert time.process_time() - started < 2
