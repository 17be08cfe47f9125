"""What of a found message is shown, and where the words stand in it. Only for the rows of a page.

Text leaves here in parts, (text, is it a match); templates escape each and mark the matches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tugi.core.languages import fold, languages_of_word, plain
from tugi.people.models import Agent
from tugi.tickets.models import Message
from tugi.tickets.search.plans import word_clauses
from tugi.tickets.search.query_language import Query
from tugi.tickets.search.tokens import Piece, pairs, pieces, token
from tugi.tickets.search.walks import Hit

LENGTH = 180
LEAD = 50
READ = 8000
"""Characters of a message that are looked through for its snippet."""
HEAD = 2

Span = tuple[int, int]
Unit = tuple[int, int, frozenset[str]]
"""Where a word stands, and the tokens it may be read as."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of text to show, and whether it is what was looked for. `text` is not escaped yet."""

    text: str
    is_match: bool = False


def snippets(agent: Agent, hits: Iterable[Hit], sought: Sought, length: int = LENGTH) -> dict[int, list[Part]]:
    """Of each hit's message the part around the first match, by message id. Asks for access once more."""
    message_ids = [hit.message_id for hit in hits]
    texts = Message.objects.visible_to(agent).filter(id__in=message_ids).values_list("id", "text")
    return {message_id: _snippet(text[:READ], sought, length) for message_id, text in texts}


def highlight(text: str, sought: Sought) -> list[Part]:
    """A whole text, such as a subject, with its matches."""
    return list(_parts(text, sought.spans(text)))


class Sought:
    """The words of a query as tokens, and quick tests that spare most words of a text the stemmer.

    One for all texts of a page: making it is a query.
    """

    def __init__(self, query: Query) -> None:
        clauses = word_clauses(query)
        words, phrases = clauses[: len(query.words)], clauses[len(query.words) :]
        self.tokens = {sequence[0] for clause in words for sequence in clause}
        self.phrases = [sequence for clause in phrases for sequence in clause]
        self._heads = {found[:HEAD] for found in self.tokens}

    def spans(self, text: str) -> list[Span]:
        """Where matches stand in a text, in order, none overlapping."""
        found = list(pieces(text))
        spans = [(piece.start, piece.end) for piece in found if self._is_match(piece)] if self.tokens else []
        if self.phrases:
            units = [unit for piece in found for unit in _units(piece)]
            spans += [span for phrase in self.phrases for span in _phrase_spans(units, phrase)]
        return _merged(sorted(spans))

    def _is_match(self, piece: Piece) -> bool:
        if piece.is_run or _head(piece.text) not in self._heads:
            return False
        return not self.tokens.isdisjoint(_readings(piece.text))


# Texts say the same words again and again.
@lru_cache(maxsize=20_000)
def _head(word: str) -> str:
    return plain(fold(word))[:HEAD]


@lru_cache(maxsize=20_000)
def _readings(word: str) -> frozenset[str]:
    return frozenset(token(word, language) for language in languages_of_word(word) or ("",))


def _phrase_spans(units: Sequence[Unit], phrase: Sequence[str]) -> Iterator[Span]:
    for place in range(len(units) - len(phrase) + 1):
        if phrase[0] not in units[place][2]:
            continue
        window = units[place : place + len(phrase)]
        if all(sought in unit[2] for sought, unit in zip(phrase, window, strict=True)):
            yield (window[0][0], window[-1][1])


def _units(piece: Piece) -> Iterator[Unit]:
    """A piece as tokens with their places; a run of unspaced writing gives one for each pair."""
    if not piece.is_run:
        yield (piece.start, piece.end, _readings(piece.text))
        return
    for place, pair in enumerate(pairs(piece.text)):
        yield (piece.start + place, piece.start + place + len(pair), frozenset({pair}))


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _snippet(text: str, sought: Sought, length: int) -> list[Part]:
    text = " ".join(text.split())
    spans = sought.spans(text)
    start = _beginning(text, spans[0][0] if spans else 0)
    end = min(start + length, len(text))
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start]
    parts = list(_parts(text[start:end], inside))
    before = [Part("…")] if start else []
    after = [Part("…")] if end < len(text) else []
    return [*before, *parts, *after]


def _beginning(text: str, match: int) -> int:
    """A word's beginning a little before the match."""
    if match <= LEAD:
        return 0
    blank = text.find(" ", match - LEAD, match)
    return blank + 1 if blank >= 0 else match


def _parts(text: str, spans: Iterable[Span]) -> Iterator[Part]:
    place = 0
    for start, end in spans:
        if start > place:
            yield Part(text[place:start])
        yield Part(text[start:end], True)
        place = end
    if place < len(text):
        yield Part(text[place:])
