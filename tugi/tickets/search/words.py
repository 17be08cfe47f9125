"""The words that occur, and those of them that a word looked for may mean.

Kept once per word, not once per message. Rows are (language, tail, token): `tail` is the word
levelled, or, under the language's code with a plus, what is left of a compound without its beginning.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from tugi.core import languages
from tugi.tickets.search.tokens import LONGEST, token

Entry = tuple[str, str, str]
Range = tuple[str, str]
"""A language and the beginning of a tail."""

SHORTEST, LONGEST_LEARNT = 3, 24
MOST_SEEN = 2000
"""Rows read for one range; a beginning that has more is too common to say anything."""
MOST_MEANT = 40
"""Tokens taken for one word looked for."""
PARAMETERS = 300
_END = "\U0010ffff"

_KNOWN = "SELECT language, tail, token FROM tickets_searchword WHERE language = %s AND tail IN ({places})"
_LEARN = "INSERT INTO tickets_searchword (language, tail, token) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
_RANGE = """
    SELECT * FROM (
        SELECT language, tail, token FROM tickets_searchword
        WHERE language = %s AND tail >= %s AND tail < %s ORDER BY tail LIMIT {most}
    ) AS range_{number}
"""


@dataclass(frozen=True)
class Wanted:
    """A word looked for; `is_beginning` if it may go on."""

    text: str
    is_beginning: bool = False


def learn(words: Iterable[tuple[str, str]]) -> None:
    """Remember words, as (language, word). Most are known, so they are looked up before they are written."""
    entries = {entry for language, word in words for entry in _entries(word, language)}
    unknown = entries - _known(entries)
    if unknown:
        with connection.cursor() as cursor:
            # In one order everywhere: two workers that learn the same words must not lock each other.
            cursor.executemany(_LEARN, sorted(unknown))


def forget_all() -> None:
    """Empty the table, before everything is learnt anew."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM tickets_searchword")


def meanings(wanted: Sequence[Wanted]) -> list[list[str]]:
    """For each word looked for the tokens it may mean, its own stems first. One query for all."""
    readings = [_readings(word) for word in wanted]
    rows = _rows({asked for found in readings for reading in found for asked in reading.ranges()})
    return [
        list(dict.fromkeys([*own_tokens(word.text), *_kindred(found, rows)]))
        for word, found in zip(wanted, readings, strict=True)
    ]


def own_tokens(word: str) -> list[str]:
    """The tokens of a word in each language it can be in."""
    found = languages.languages_of_word(word) or ("",)
    return list(dict.fromkeys(token(word, language) for language in found))


class _Reading:
    """A word looked for, read in one language."""

    def __init__(self, word: Wanted, language: str) -> None:
        self.levelled = _levelled(word.text, language)
        self.language = language
        self.is_beginning = word.is_beginning
        found = (languages.kin(spelling, language) for spelling in languages.spellings(self.levelled, language))
        self.kin = [family for family in found if family]
        self.is_compounding = language in languages.COMPOUNDING and len(self.levelled) >= languages.SHORTEST_PART

    def ranges(self) -> Iterator[Range]:
        if len(self.levelled) < SHORTEST:
            return
        yield from ((self.language, family.root) for family in self.kin)
        if self.is_beginning or self.is_compounding:
            yield (self.language, self.levelled)
        if self.is_compounding:
            yield (f"{self.language}+", self.levelled)

    def means(self, row_language: str, tail: str) -> bool:
        if row_language != self.language:
            return self.is_compounding and languages.is_last_part(self.levelled, tail, self.language)
        if self.is_beginning and tail.startswith(self.levelled):
            return True
        if self.is_compounding and languages.is_first_part(self.levelled, tail):
            return True
        return any(family.has(tail) for family in self.kin)


def _readings(word: Wanted) -> list[_Reading]:
    return [_Reading(word, language) for language in languages.languages_of_word(word.text)]


def _kindred(readings: Sequence[_Reading], rows: Sequence[Entry]) -> list[str]:
    meant = [
        (len(tail), found)
        for reading in readings
        for row_language, tail, found in rows
        if row_language.rstrip("+") == reading.language and reading.means(row_language, tail)
    ]
    return [found for _length, found in sorted(meant)[:MOST_MEANT]]


def _rows(ranges: Collection[Range]) -> list[Entry]:
    if not ranges:
        return []
    statement = " UNION ".join(_RANGE.format(most=MOST_SEEN, number=number) for number in range(len(ranges)))
    values = [value for language, start in sorted(ranges) for value in (language, start, start + _END)]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[Entry] = cursor.fetchall()
        return found


@lru_cache(maxsize=50_000)
def _entries(word: str, language: str) -> tuple[Entry, ...]:
    if not (SHORTEST <= len(word) <= LONGEST_LEARNT and word.isalpha()):
        return ()
    levelled, own = _levelled(word, language), token(word, language)
    whole = [(language, spelling[:LONGEST], own) for spelling in languages.spellings(levelled, language)]
    if language not in languages.COMPOUNDING:
        return tuple(whole)
    places = range(SHORTEST, len(levelled) - languages.SHORTEST_PART + 1)
    return (*whole, *((f"{language}+", levelled[place:LONGEST], own) for place in places))


def _levelled(word: str, language: str) -> str:
    return languages.level(languages.lemma(languages.fold(word), language), language)


def _known(entries: Collection[Entry]) -> set[Entry]:
    found: set[Entry] = set()
    for language in sorted({entry[0] for entry in entries}):
        tails = sorted({tail for entry_language, tail, _token in entries if entry_language == language})
        for start in range(0, len(tails), PARAMETERS):
            found |= _known_tails(language, tails[start : start + PARAMETERS])
    return found


def _known_tails(language: str, tails: Sequence[str]) -> set[Entry]:
    statement = _KNOWN.format(places=", ".join(["%s"] * len(tails)))
    with connection.cursor() as cursor:
        cursor.execute(statement, [language, *tails])
        return set(cursor.fetchall())
