from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tugi.tickets.search.query_language import FILTERS, LONGEST_QUERY, Filter, parse
from tugi.tickets.search.words import Wanted


def test_words_phrases_and_filters_are_told_apart() -> None:
    query = parse('refund "two weeks" status:open from:@acme.com')

    assert query.words == (Wanted("refund"),)
    assert query.phrases == ("two weeks",)
    assert query.filters == (Filter("status", "open"), Filter("from", "@acme.com"))
    assert query.hints == ()


@pytest.mark.parametrize(
    ("text", "number"),
    [("#1001", 1001), ("1001", 1001), ("number:1001", 1001), ("1001 refund", None), ("#", None), ("#x", None)],
)
def test_a_number_is_a_jump(text: str, number: int | None) -> None:
    assert parse(text).number == number


def test_an_unknown_filter_is_words_with_a_hint() -> None:
    query = parse("colour:red")

    assert [word.text for word in query.words] == ["colour", "red"]
    assert "colour:" in query.hints[0]
    assert "status:" in query.hints[0]


@pytest.mark.parametrize("text", ["status:frozen", "priority:blue", "has:money", "is:funny"])
def test_an_unknown_value_is_words_with_a_hint(text: str) -> None:
    query = parse(text)

    assert query.filters == ()
    assert len(query.hints) == 1
    assert [word.text for word in query.words] == text.split(":")


@pytest.mark.parametrize("text", ["http://acme.example/a", "Re: invoice", "12:30", "status:", "a: b", "::", '"'])
def test_what_only_looks_like_a_filter_is_no_filter(text: str) -> None:
    query = parse(text)

    assert (query.filters, query.hints) == ((), ())


def test_an_address_is_one_phrase() -> None:
    assert parse("mari@acme.com").phrases == ("mari acme com",)


def test_the_last_word_may_be_unfinished() -> None:
    assert parse("big invo", is_typing=True).words == (Wanted("big"), Wanted("invo", is_beginning=True))
    assert parse("big invo ", is_typing=True).words == (Wanted("big"), Wanted("invo"))
    assert parse("invo*").words == (Wanted("invo", is_beginning=True),)


@pytest.mark.parametrize("text", ["", "   ", "\x00", "!!!", "\n\t", '""'])
def test_nothing_to_look_for_is_an_empty_query(text: str) -> None:
    assert parse(text).is_empty


def test_a_huge_query_is_cut_and_says_so() -> None:
    query = parse("lantern " * 1250)

    assert len(query.text) <= LONGEST_QUERY
    assert query.words == (Wanted("lantern"),)
    assert len(query.hints) == 1


def test_many_words_are_limited() -> None:
    query = parse(" ".join(f"word{number}" for number in range(100)))

    assert len(query.words) == 12
    assert len(query.hints) == 1


@given(st.text(max_size=300))
def test_reading_never_fails(text: str) -> None:
    query = parse(text, is_typing=True)

    assert {wanted.key for wanted in query.filters} <= set(FILTERS)


@given(st.text(alphabet="ab:\"#* -_()@'\\\x00%&|!<>", max_size=60))
def test_signs_never_fail(text: str) -> None:
    parse(text)
