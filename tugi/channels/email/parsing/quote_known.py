"""The last resort of cutting: no program marked the quotation, but its words are those that we sent.

Lines are compared by their letters alone, so that other wrapping, marks and blanks do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tugi.channels.email.parsing import quote_words as words
from tugi.channels.email.parsing.quotes import Cut

_NO_LETTERS = re.compile(r"[\W_]+")
_MOST_LINES = 1_000
_LONGEST_SENT = 50_000
_FEWEST = 12
"""Letters of a line that is known by itself; shorter ones ("Thank you") anybody writes."""
_ENOUGH = 40
_SHARE = 0.8
"""Of the letters from the first known line on: so many are known, or it is an answer between our lines."""


def cut_known(text: str, sent: Iterable[str]) -> Cut:
    """The new part of a text, and the part at its end or beginning that is one of the texts we sent."""
    lines = text.split("\n")[:_MOST_LINES]
    ours = "\n".join(sent)[:_LONGEST_SENT]
    known = _known_lines(lines, ours)
    fold = _at_end(lines, known, {_letters(line) for line in ours.split("\n")}) or _at_beginning(lines, known)
    if fold is None or len(text.split("\n", _MOST_LINES)) > _MOST_LINES:
        return Cut(text, "")
    start, end = fold
    reply = "\n".join([*lines[:start], *lines[end:]]).strip("\n").rstrip()
    return Cut(reply, "\n".join(lines[start:end]).strip("\n").rstrip()) if reply.strip() else Cut(text, "")


def _known_lines(lines: list[str], sent: str) -> list[int]:
    """For each line, how many of its letters we sent: all, or none."""
    letters = _letters(sent)
    found = []
    for line in lines:
        own = _letters(line[:2_000])
        found.append(len(own) if len(own) >= _FEWEST and own in letters else 0)
    return found


def _at_end(lines: list[str], known: list[int], ours: set[str]) -> tuple[int, int] | None:
    first = next((at for at, count in enumerate(known) if count), None)
    if first is None or not _is_ours(lines[first:], sum(known)):
        return None
    while first > 0 and _letters(lines[first - 1]) in ours:
        # Short lines of ours, and blank ones: "Hello Dora," above what is surely ours.
        first -= 1
    return _with_introduction(lines, first), len(lines)


def _at_beginning(lines: list[str], known: list[int]) -> tuple[int, int] | None:
    last = next((at for at in range(len(known) - 1, -1, -1) if known[at]), None)
    if last is None or not _is_ours(lines[: last + 1], sum(known)):
        return None
    return 0, last + 1


def _is_ours(lines: list[str], known: int) -> bool:
    return known >= _ENOUGH and known >= _SHARE * len(_letters("\n".join(lines)))


def _with_introduction(lines: list[str], first: int) -> int:
    """A line or two with a date, an address or a colon above belong to what they introduce."""
    start = first
    for at in range(first - 1, max(first - 5, -1), -1):
        text = lines[at].strip()[:300]
        if text and not (words.ENDS_IN_COLON.search(text) or words.DATE.search(text) or words.ANY_ADDRESS.search(text)):
            break
        start = at if text else start
    return start


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", text.casefold())
