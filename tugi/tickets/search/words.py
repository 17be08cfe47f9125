"""The words that occur, and those of them that a word looked for may mean.

Kept once per word, not once per message. Rows are (language, tail, token): `tail` is the word
levelled, or, under the language's code with a plus, what is left of a compound without its beginning.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

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
    rows = _rows({asked for word in wanted for asked in _ranges(word)})
    return [list(dict.fromkeys([*own_tokens(word.text), *_kindred(word, rows)])) for word in wanted]


def own_tokens(word: str) -> list[str]:
    """The tokens of a word in each language it can be in."""
    found = languages.languages_of_word(word) or ("",)
    return list(dict.fromkeys(token(word, language) for language in found))


def _kindred(word: Wanted, rows: Sequence[Entry]) -> list[str]:
    meant = [
        (len(tail), found)
        for language in languages.languages_of_word(word.text)
        for row_language, tail, found in rows
        if row_language.rstrip("+") == language and _is_meant(word, language, row_language, tail)
    ]
    return [found for _length, found in sorted(meant)[:MOST_MEANT]]


def _is_meant(word: Wanted, language: str, row_language: str, tail: str) -> bool:
    levelled = _levelled(word.text, language)
    if row_language != language:
        return languages.is_last_part(levelled, tail, language)
    if word.is_beginning and len(levelled) >= SHORTEST and tail.startswith(levelled):
        return True
    if language in languages.COMPOUNDING and languages.is_first_part(levelled, tail):
        return True
    return languages.are_kin(levelled, tail, language)


def _ranges(word: Wanted) -> Iterator[Range]:
    for language in languages.languages_of_word(word.text):
        levelled = _levelled(word.text, language)
        if len(levelled) < SHORTEST:
            continue
        if language in languages.INFLECTED:
            yield (language, levelled[: languages.root_length(len(levelled))])
        if word.is_beginning:
            yield (language, levelled)
        if language in languages.COMPOUNDING and len(levelled) >= languages.SHORTEST_PART:
            yield (f"{language}+", levelled)


def _rows(ranges: Collection[Range]) -> list[Entry]:
    if not ranges:
        return []
    statement = " UNION ".join(_RANGE.format(most=MOST_SEEN, number=number) for number in range(len(ranges)))
    values = [value for language, start in sorted(ranges) for value in (language, start, start + _END)]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[Entry] = cursor.fetchall()
        return found


def _entries(word: str, language: str) -> Iterator[Entry]:
    if not (SHORTEST <= len(word) <= LONGEST_LEARNT and word.isalpha()):
        return
    levelled, own = _levelled(word, language), token(word, language)
    yield (language, levelled[:LONGEST], own)
    if language in languages.COMPOUNDING:
        for place in range(SHORTEST, len(levelled) - languages.SHORTEST_PART + 1):
            yield (f"{language}+", levelled[place:LONGEST], own)


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
