"""From text to tokens, the same on both engines and on both sides of the search.

A token is a word's stem, a pair of characters where writing has no blanks, or an emoji. It is made of
letters and digits only; marks begin with an underscore, so no text can pose as one.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from tugi.core.languages import language_of_word, stem

LONGEST = 40
"""Longer words are cut, on both sides alike."""

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_EMOJI = "\u2600-\u27bf\U0001f000-\U0001faff"
_PIECE = re.compile(f"(?P<run>[{_UNSPACED}]+)|(?P<emoji>[{_EMOJI}])|(?P<word>[^\\W_{_UNSPACED}{_EMOJI}]+)")


class Piece(NamedTuple):
    """A word, a run of unspaced writing or an emoji, and where it stands in the text."""

    text: str
    start: int
    end: int
    is_run: bool = False

    @property
    def tokens_alike(self) -> tuple[str, ...]:
        """The tokens of a piece that is the same in every language."""
        return pairs(self.text) if self.is_run else (self.text,)


def pieces(text: str) -> Iterator[Piece]:
    """What there is to find in a text, in its order."""
    for found in _PIECE.finditer(text):
        yield Piece(found.group()[:LONGEST], found.start(), found.end(), found.lastgroup == "run")


def readings(text: str, language: str) -> Iterator[tuple[str, str, str]]:
    """The tokens of a text that is mainly in `language`, each with the word and the language it was read in.

    Language and word are empty for what has no language.
    """
    for piece in pieces(compose(text)):
        if piece.is_run:
            yield from ((pair, "", "") for pair in pairs(piece.text))
        else:
            own = language_of_word(piece.text, language)
            yield token(piece.text, own), own, piece.text if own else ""


def tokens(text: str, language: str) -> Iterator[str]:
    """The tokens of a text that is mainly in `language`."""
    return (found for found, _language, _word in readings(text, language))


@lru_cache(maxsize=50_000)
def token(word: str, language: str) -> str:
    """The one token of a word read in `language` (empty: none in particular)."""
    return _only_letters(stem(word, language))[:LONGEST] or word[:LONGEST].lower()


def pairs(run: str) -> tuple[str, ...]:
    """Overlapping pairs of characters: the words of a writing without blanks."""
    if len(run) < 2:
        return (run,)
    return tuple(run[place : place + 2] for place in range(len(run) - 1))


def compose(text: str) -> str:
    """The text with each letter and its marks as one character, so that a word is one piece."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def mark(kind: str, value: int | str = "") -> str:
    """A token that says something about the document; `kind` is one letter."""
    if isinstance(value, int):
        return f"_{kind}{value}"
    return f"_{kind}{hashlib.blake2s(value.encode(), digest_size=6).hexdigest()}" if value else f"_{kind}"


def _only_letters(word: str) -> str:
    """Folding may bring in signs (½ is 1⁄2); they never reach the index."""
    return word if word.isalnum() else "".join(filter(str.isalnum, word))
