"""Ranges of the newest documents as tokens of the document, for an index that knows no order.

A document carries the mark of the range it lies in, in several sizes (`_r11x12`: ids 12 · 2^11 to 13 · 2^11), and
the same of its department (`_d5r13x3`): the department's own mark is a list as long as its history, into which GIN
would look anew for each document that holds the words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from math import ceil

from tugi.tickets.search.expression import Clause, Expression, Sequence, any_of
from tugi.tickets.search.tokens import mark

RANGES = (11, 13, 15, 17, 19, 21)
"""How many bits of an id the marks of ranges leave out: 2 thousand documents in one, 8, 33, 131…"""
DEPARTMENT_RANGES = (13, 16, 19)
"""The same for the marks of one department's documents in a range."""
LEAST_DENSITY = 1 / 400
"""Taken for a word that did not occur among the first rows."""
MOST_RANGES = 8
"""Of one size in one question: GIN compares each document with every one of them."""
DEPARTMENT = mark("d")


def parted(expression: Expression) -> tuple[frozenset[str] | None, Expression]:
    """The marks of the departments that may be looked into, None for all, and what else is asked."""
    departments: frozenset[str] | None = None
    words: list[Clause] = []
    for clause in expression:
        marks = frozenset(sequence[0] for sequence in clause if _is_department(sequence))
        if len(marks) < max(len(clause), 1):
            words.append(clause)
        else:
            departments = marks if departments is None else departments & marks
    return departments, tuple(words)


def _is_department(sequence: Sequence) -> bool:
    return len(sequence) == 1 and sequence[0].startswith(DEPARTMENT)


def reach(sizes: Iterable[int], documents: float) -> tuple[int, int] | None:
    """The smallest size of which at most `MOST_RANGES` hold so many documents, and how many of them do; None if none.

    GIN looks at every document of the ranges it is given: a range too wide costs as much as it is too wide.
    """
    for bits in sizes:
        # The newest range is half full on average.
        count = ceil(documents / (1 << bits) + 0.5)
        if count <= MOST_RANGES:
            return bits, max(count, 2)
    return None


def within(
    bits: int, count: int, newest_id: int, since: int, departments: Collection[str] | None
) -> tuple[Clause, bool]:
    """The newest ranges of a size, and whether that is all there is to look into."""
    last, oldest = newest_id >> bits, since >> bits
    first = max(last - count + 1, oldest)
    found = [_range(bits, number) for number in range(first, last + 1)]
    owners = ["_"] if departments is None else sorted(departments)
    return any_of(f"{owner}{each}" for owner in owners for each in found), first == oldest


def marks_of_ranges(number: int, tokens: Iterable[str]) -> list[str]:
    """The marks of the ranges that a document of this id and these tokens lies in, and of its department's."""
    of_department = [
        f"{token}{_range(bits, number >> bits)}"
        for token in tokens
        if token.startswith(DEPARTMENT)
        for bits in DEPARTMENT_RANGES
    ]
    return [f"_{_range(bits, number >> bits)}" for bits in RANGES] + of_department


def _range(bits: int, number: int) -> str:
    return f"r{bits}x{number}"
