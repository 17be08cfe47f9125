"""How far back PostgreSQL's search looks at once."""

from __future__ import annotations

from tugi.tickets.search import postgres_ranges as ranges


def test_a_few_small_ranges_rather_than_one_too_wide() -> None:
    assert ranges.reach((11, 13, 15), 100) == (11, 2)
    assert ranges.reach((11, 13, 15), 10_000) == (11, 6)
    assert ranges.reach((11, 13, 15), 20_000) == (13, 3)


def test_what_no_ranges_hold_is_asked_everywhere() -> None:
    assert ranges.reach((11, 13), 1_000_000) is None


def test_the_newest_ranges_are_named_and_the_oldest_ends_the_way() -> None:
    clause, is_all = ranges.within(11, 3, 5 << 11, 0, None)
    assert (clause, is_all) == ((("_r11x3",), ("_r11x4",), ("_r11x5",)), False)

    clause, is_all = ranges.within(13, 8, 1 << 13, 0, {"_d2", "_d1"})
    assert (clause, is_all) == ((("_d1r13x0",), ("_d1r13x1",), ("_d2r13x0",), ("_d2r13x1",)), True)
