from __future__ import annotations

import time

import pytest

from tugi.core.text import cut_bytes, normalise, shorten, single_line, snippet


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("a\x00b\x07c", "abc"),
        ("a\r\nb\rc\u2028d\u0085e", "a\nb\nc\nd\ne"),
        ("e\u0301", "é"),
        ("a\ud800b\udcffc", "abc"),
        ("tab\tstays", "tab\tstays"),
        ("\ufffe\uffff", ""),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
    ],
)
def test_text_is_made_fit_for_a_database(given: str, expected: str) -> None:
    assert normalise(given) == expected


def test_a_hundred_thousand_combining_marks_take_no_time() -> None:
    started = time.process_time()
    text = normalise("a" + "\u0323\u0301" * 100_000)
    assert len(text) < 100
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("given", "expected"),
    [(" a \r\n\t b ", "a b"), ("a\u202eb", "ab"), ("a\u2029b", "a b"), ("a\x0bb\x1cc", "abc")],
)
def test_a_single_line_has_no_breaks_and_no_turned_direction(given: str, expected: str) -> None:
    assert single_line(given) == expected


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("short", 10, "short"),
        ("one two three", 9, "one two…"),
        ("one two three", 8, "one two…"),
        ("onetwothree", 5, "onet…"),
        ("ab", 0, "…"),
    ],
)
def test_long_text_is_shortened_at_a_word(text: str, length: int, expected: str) -> None:
    assert shorten(text, length) == expected


def test_a_snippet_is_one_line() -> None:
    assert snippet("Hello\n\nworld " * 100, 20) == "Hello world Hello…"


def test_bytes_are_cut_between_characters() -> None:
    assert cut_bytes("ääää", 5) == "ää"
    assert cut_bytes("aaaa", 5) == "aaaa"
