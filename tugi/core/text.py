"""Cleaning and shortening of text that people and machines sent. Pure, linear, without Django."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff\ufdd0-\ufdef]")
_NEWLINES = re.compile("\r\n?|[\u0085\u2028\u2029]")
_BLANKS = re.compile(r"\s+")
_DIRECTIONS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]")
_MARKS_IN_A_ROW = 30


def normalise(text: str) -> str:
    """Text that a database keeps: NFC, line ends as \\n, no NUL, control characters or lone surrogates."""
    text = CONTROLS.sub("", _NEWLINES.sub("\n", text))
    if text.isascii() or unicodedata.is_normalized("NFC", text := _cut_marks(text)):
        return text
    return unicodedata.normalize("NFC", text)


def single_line(text: str) -> str:
    """Normalised, on one line, single blanks, without marks that turn the direction of writing."""
    return _BLANKS.sub(" ", _DIRECTIONS.sub("", normalise(text))).strip()


def shorten(text: str, length: int) -> str:
    """At most `length` characters, cut at a word if one ends in the last third, with an ellipsis if cut."""
    if len(text) <= length:
        return text
    head = text[: max(length - 1, 0)]
    blank = head.rfind(" ")
    if text[len(head)] != " " and blank > length * 2 // 3:
        head = head[:blank]
    return head.rstrip() + "…"


def snippet(text: str, length: int = 140) -> str:
    """The beginning of a long text on one line, for lists."""
    return shorten(single_line(text[: length * 20]), length)


def cut_bytes(text: str, size: int) -> str:
    """The longest beginning that takes no more than `size` bytes in UTF-8."""
    if len(text) * 4 <= size:
        return text
    return text.encode("utf-8", "ignore")[:size].decode("utf-8", "ignore")


def _cut_marks(text: str) -> str:
    # NFC sorts combining marks by insertion: a run of 100,000 of them takes minutes.
    return _long_run_of_marks().sub(r"\1", text) if _maybe_many_marks().search(text) else text


@cache
def _maybe_many_marks() -> re.Pattern[str]:
    """Finds each long run, and thirty emoji: marks beyond U+FFFF one by one would make it 30 times slower."""
    return re.compile(f"[{_marks(0x300, 0x10000)}\U00010000-\U0001ffff]{{{_MARKS_IN_A_ROW}}}")


@cache
def _long_run_of_marks() -> re.Pattern[str]:
    marks = _marks(0x300, 0x1F000)
    return re.compile(f"([{marks}]{{{_MARKS_IN_A_ROW}}})[{marks}]+")


def _marks(first: int, end: int) -> str:
    return "".join(chr(code) for code in range(first, end) if unicodedata.combining(chr(code)))
