"""Rule 1.12.5: RTF of Outlook, unpacked and read as HTML or text."""

# ruff: noqa: E501 - texts are kept on one line
from __future__ import annotations

import struct
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tugi.channels.email.parsing.rtf import DICTIONARY, decompress, read_rtf
from tugi.channels.email.tests.parsing.tnef_writer import literal_rtf, stored_rtf

BOUNDED = settings(max_examples=150, deadline=None)


def packed(body: bytes, size: int) -> bytes:
    return struct.pack("<II4sI", len(body) + 12, size, b"LZFu", 0) + body


def test_the_first_words_are_known_before_anything_is_said() -> None:
    assert len(DICTIONARY) == 207


def test_references_reach_into_the_known_words() -> None:
    assert decompress(packed(b"\x01" + struct.pack(">H", 0 << 4 | 4) + b"", 6), 100) == b"{\\rtf1"


def test_a_reference_runs_into_what_it_writes() -> None:
    assert decompress(packed(b"\x02a" + struct.pack(">H", 207 << 4 | 3), 6), 100) == b"aaaaaa"


@pytest.mark.parametrize("rtf", [b"{\\rtf1 hello}", b"x" * 8, b"y" * 5_000, b""])
def test_what_was_packed_comes_back(rtf: bytes) -> None:
    assert decompress(literal_rtf(rtf), 10_000) == rtf
    assert decompress(stored_rtf(rtf), 10_000) == rtf


def test_no_more_is_unpacked_than_allowed() -> None:
    assert decompress(stored_rtf(b"x" * 1_000), 10) == b"x" * 10
    assert decompress(packed(b"\xff" + struct.pack(">H", 0x0FF) * 8, 2**32 - 1), 20) is not None


def test_what_is_not_packed_rtf_is_nothing() -> None:
    assert decompress(b"short", 10) is None
    assert decompress(struct.pack("<II4sI", 9, 9, b"none", 0) + b"x", 10) is None


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        (rb"{\rtf1\ansi hello\par world}", "hello\nworld"),
        (rb"{\rtf1\ansi\ansicpg1251 \'ef\'f0\'e8}", "при"),
        (rb"{\rtf1\ansi\uc1 \u1087?\u1088?x}", "прx"),
        (rb"{\rtf1\ansi\uc0 \u-10179 \u-8704 }", "😀"),
        (rb"{\rtf1{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial;}}\f1 \'ef\f0 \'e9}", "пé"),
        (rb"{\rtf1{\*\generator Secret;}{\colortbl;\red0;}a\{b\}\\c}", "a{b}\\c"),
        (rb"{\rtf1 a{\pict 89504e47}b\tab c}", "ab\tc"),
        (b"{\\rtf1 a\\bin5 }}}}}b}", "ab"),
        (rb"{\rtf1 \ldblquote x\rdblquote\~y}", "“x”\xa0y"),
        (rb"{\rtf1 never closed {\b bold", "never closed bold"),
    ],
)
def test_words_are_taken_out_of_rtf(rtf: bytes, text: str) -> None:
    assert read_rtf(rtf).text == text


def test_wrapped_html_is_taken_out() -> None:
    rtf = (
        rb"{\rtf1\ansi\ansicpg1252\fromhtml1 {\fonttbl{\f0 Arial;}}"
        rb"{\*\htmltag19 <html>}{\*\htmltag50 <body>}{\*\htmltag64 <p>}\htmlrtf {\f0 \htmlrtf0 Gr\'fc\'dfe "
        rb"{\*\htmltag84 &lt;}\htmlrtf <\htmlrtf0 b\u1087?\htmlrtf\par}\htmlrtf0{\*\htmltag72 </p>}{\*\htmltag58 </body>}}"
    )
    assert read_rtf(rtf).html == "<html><body><p>Grüße &lt;bп</p></body>"


def test_marks_in_the_words_of_wrapped_html_are_no_tags() -> None:
    assert read_rtf(rb"{\rtf1\fromhtml1 a<script>b}").html == "a&lt;script&gt;b"


@BOUNDED
@given(st.binary(max_size=400), st.integers(0, 500))
def test_any_packed_bytes_end(data: bytes, size: int) -> None:
    found = decompress(packed(data, size), 1_000)
    assert found is not None
    assert len(found) <= size


@BOUNDED
@given(
    st.lists(
        st.sampled_from([b"{", b"}", b"\\*", b"\\u9 ", b"\\'", b"\\bin9", b"\\htmltag ", b"x", b"\\fonttbl"])
        | st.binary(max_size=5),
        max_size=60,
    )
)
def test_any_rtf_is_read(pieces: list[bytes]) -> None:
    read_rtf(b"{\\rtf1\\fromhtml1 " + b"".join(pieces))


@pytest.mark.parametrize("piece", [b"{", b"{}", b"\\b", b"\\u9?", b"{\\*\\a ", b"\\'41", b"\\", b"\\f1 x"])
def test_hostile_rtf_ends_in_time(piece: bytes) -> None:
    started = time.process_time()
    read_rtf(b"{\\rtf1 " + piece * (2_000_000 // len(piece)))
    assert time.process_time() - started < 2
