"""What stands in the search box, read: words, "phrases" and filters such as `status:open`.

Reading never fails: what is no filter is taken as words, with a hint that says so. Only the filters named here
exist, each with a meaning of its own in `filters.py`; nothing typed ever names a field of the database.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tugi.core.text import normalise
from tugi.tickets.models import Category, Priority
from tugi.tickets.search.tokens import compose, pieces
from tugi.tickets.search.words import Wanted

LONGEST_QUERY = 1000
MOST_WORDS = 12
MOST_PHRASES = 6
LONGEST_PHRASE = 12
MOST_FILTERS = 10
NUMBER = re.compile(r"#(\d{1,15})")
BARE_NUMBER = re.compile(r"\d{1,15}")

VALUES: dict[str, tuple[str, ...]] = {
    "status": tuple(Category.values),
    "priority": tuple(Priority.values),
    "has": ("attachment",),
    "is": ("unread", "note"),
}
"""Filters that take one of a few words."""
FILTERS = ("assignee", "department", "from", "has", "is", "number", "priority", "status", "tag")

_TERM = re.compile(r'(?:(?P<key>[^\W\d_]{2,20}):(?=[^\s/:]))?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))', re.UNICODE)
_FILTER_KEY = re.compile("[a-z]{2,20}")


@dataclass(frozen=True)
class Filter:
    """`key` is one of FILTERS, `value` what was typed after the colon, in lower case."""

    key: str
    value: str


@dataclass(frozen=True)
class Query:
    """A question put to the search. `number` is a ticket's number one may want to jump to.

    Words are taken in all their forms, phrases word by word as their stems.
    `hints` are sentences for the one who typed.
    """

    text: str = ""
    words: tuple[Wanted, ...] = ()
    phrases: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    number: int | None = None
    hints: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.phrases or self.filters or self.number is not None)


def parse(text: str, *, is_typing: bool = False) -> Query:
    """Read the box. Takes anything and gives a Query.

    `is_typing`: the last word may not be finished, so it also finds what begins with it. A word
    that ends in an asterisk always does.
    """
    reading = _Reading()
    kept = compose(normalise(text[: LONGEST_QUERY + 1]))
    if len(kept) > LONGEST_QUERY:
        kept = kept[:LONGEST_QUERY]
        reading.hint(_("Only the first %(count)d characters were looked for.") % {"count": LONGEST_QUERY})
    for term in _TERM.finditer(kept):
        unfinished = is_typing and term.end() == len(kept)
        reading.take(term["key"] or "", term["phrase"], term["word"] or "", unfinished)
    return reading.query(kept)


class _Reading:
    def __init__(self) -> None:
        self.words: dict[str, Wanted] = {}
        self.phrases: dict[str, None] = {}
        self.filters: dict[Filter, None] = {}
        self.hints: dict[str, None] = {}
        self.number: int | None = None

    def hint(self, sentence: str) -> None:
        self.hints[sentence] = None

    def take(self, key: str, phrase: str | None, word: str, unfinished: bool) -> None:
        if key and self._take_filter(key.lower(), (word if phrase is None else phrase).strip().lower()):
            return
        if key:
            self._take_word(key, False)
        if phrase is not None:
            self._take_phrase(phrase)
        elif found := NUMBER.fullmatch(word):
            self.number = int(found[1])
        else:
            self._take_word(word, unfinished)

    def query(self, text: str) -> Query:
        words = tuple(self.words.values())
        only = words[0].text if len(words) == 1 and not self.phrases and not self.filters else ""
        if self.number is None and BARE_NUMBER.fullmatch(only):
            self.number = int(only)
        return Query(text.strip(), words, tuple(self.phrases), tuple(self.filters), self.number, tuple(self.hints))

    def _take_filter(self, key: str, value: str) -> bool:
        """Whether it is a filter; if it looks like one but is not, say so."""
        if not _FILTER_KEY.fullmatch(key):
            return False
        if key not in FILTERS:
            names = ", ".join(f"{name}:" for name in FILTERS)
            self.hint(
                _("There is no filter “%(key)s:”, so it was looked for as words. Filters are %(names)s.")
                % {"key": key, "names": names}
            )
            return False
        if key == "number":
            return self._take_number(value)
        if key in VALUES and value not in VALUES[key]:
            self.hint(
                _("“%(key)s:” can be %(values)s; it was looked for as words.")
                % {"key": key, "values": ", ".join(VALUES[key])}
            )
            return False
        if len(self.filters) < MOST_FILTERS:
            self.filters[Filter(key, value)] = None
        return bool(value)

    def _take_number(self, value: str) -> bool:
        digits = value.removeprefix("#")
        if BARE_NUMBER.fullmatch(digits):
            self.number = int(digits)
            return True
        self.hint(_("“number:” takes a ticket's number, such as number:1001."))
        return False

    def _take_word(self, word: str, unfinished: bool) -> None:
        found = list(pieces(word))
        if len(found) > 1 or any(piece.is_run for piece in found):
            self._take_phrase(word)
        elif found and self._has_room(len(self.words), MOST_WORDS):
            is_beginning = unfinished or word.endswith("*")
            self.words.setdefault(found[0].text.lower(), Wanted(found[0].text, is_beginning))

    def _take_phrase(self, phrase: str) -> None:
        found = [piece.text for piece in pieces(phrase)]
        if found and self._has_room(len(self.phrases), MOST_PHRASES):
            self.phrases[" ".join(found[:LONGEST_PHRASE])] = None

    def _has_room(self, count: int, most: int) -> bool:
        if count >= most:
            self.hint(_("Only the first words were looked for."))
        return count < most
