"""The desk's languages: which one a text is in, and what the forms of a word have in common.

The model behind `detect` takes 100 MB and half a second to load: the worker asks it, web processes never do.
"""

from __future__ import annotations

import re
import threading
from functools import cache, lru_cache
from typing import Any

import Stemmer
from django.conf import settings

from tugi.core.inflection import (
    COMPOUNDING,
    INFLECTED,
    SHORTEST_PART,
    fold,
    is_first_part,
    is_last_part,
    kin,
    lemma,
    level,
    plain,
    spellings,
)

__all__ = [
    "COMPOUNDING",
    "INFLECTED",
    "SHORTEST_PART",
    "cool_down",
    "desk_languages",
    "detect",
    "fold",
    "is_first_part",
    "is_last_part",
    "kin",
    "language_of_word",
    "languages_of_word",
    "lemma",
    "level",
    "plain",
    "spellings",
    "stem",
    "stems",
    "trigrams",
    "warm_up",
]

ALGORITHMS = {
    "ca": "catalan", "da": "danish", "de": "german", "en": "english", "es": "spanish", "et": "estonian",
    "fi": "finnish", "fr": "french", "hu": "hungarian", "it": "italian", "lt": "lithuanian", "nb": "norwegian",
    "nl": "dutch", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "tr": "turkish",
}  # fmt: skip
CYRILLIC = frozenset({"ru", "sr"})
READ = 400
"""So many characters of a text are read to know its language; more cost time and change nothing."""
FEWEST_LETTERS = 4

_CYRILLIC = re.compile("[\u0400-\u052f]")
_LATIN = re.compile("[a-zA-Z\u00c0-\u024f]")

_model_lock = threading.Lock()
_of_thread = threading.local()


@cache
def desk_languages() -> tuple[str, ...]:
    """Codes of the languages the desk works in, as far as their words can be stemmed."""
    return tuple(code for code, _name in settings.LANGUAGES if code in ALGORITHMS)


def detect(text: str, hint: str = "") -> str:
    """The desk's language that the text is most likely in.

    `hint` is what others say (a header, the customer's profile); it decides where the text is too
    short to tell. Never fails; without anything to go by it is the desk's first language.
    """
    sample = text[:READ]
    possible = _of_script(sample)
    fallback = hint if hint in possible else possible[0]
    if len(possible) == 1 or len(_LATIN.findall(sample)) < FEWEST_LETTERS:
        return fallback
    language: str = _model(possible).classify(sample)[0]
    return language


def warm_up() -> None:
    """Load the model now, where waiting for it holds up nobody."""
    detect("Hello, is anybody there?")


def cool_down() -> None:
    """Give the model's memory back, where nobody will ask again for long."""
    _load_model.cache_clear()


@lru_cache(maxsize=50_000)
def languages_of_word(word: str) -> tuple[str, ...]:
    """The desk's languages that a word can be in, by its script; none for numbers and signs."""
    first = next((letter for letter in word if letter.isalpha()), "")
    if not first or ord(first) > 0x530:
        return ()
    return _by_script()[_is_cyrillic(first)]


def language_of_word(word: str, text_language: str) -> str:
    """The language to read one word in, that stands in a text of `text_language`; empty if none is known."""
    possible = languages_of_word(word)
    if text_language in possible or not possible:
        return text_language if possible else ""
    return possible[0]


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """What the forms of a word have in common, folded and without marks on Latin letters.

    `language` is one of the desk's, or empty for a word that has no endings to lose.
    """
    folded = fold(word)
    if language not in ALGORITHMS:
        return plain(folded)
    return plain(_stemmer(language).stemWord(lemma(folded, language)))


def stems(word: str) -> frozenset[str]:
    """The word's stems in all languages it can be in, and itself: for words that stand alone."""
    return frozenset({plain(fold(word)), *(stem(word, language) for language in languages_of_word(word))})


def trigrams(word: str) -> frozenset[str]:
    """The groups of three characters of a word, its beginning and end marked by blanks."""
    padded = f"  {word} "
    return frozenset(padded[place : place + 3] for place in range(len(padded) - 2))


def _of_script(sample: str) -> tuple[str, ...]:
    return _by_script()[len(_CYRILLIC.findall(sample)) > len(_LATIN.findall(sample))]


@cache
def _by_script() -> tuple[tuple[str, ...], tuple[str, ...]]:
    known = desk_languages()
    latin = tuple(code for code in known if code not in CYRILLIC)
    cyrillic = tuple(code for code in known if code in CYRILLIC)
    return latin or known or ("en",), cyrillic or known or ("en",)


def _is_cyrillic(letter: str) -> bool:
    return "\u0400" <= letter <= "\u052f"


def _stemmer(language: str) -> Any:
    """A Snowball stemmer keeps state, so each thread has its own."""
    own: dict[str, Any] = _of_thread.__dict__.setdefault("stemmers", {})
    if language not in own:
        own[language] = Stemmer.Stemmer(ALGORITHMS[language], 0)
    return own[language]


def _model(possible: tuple[str, ...]) -> Any:
    with _model_lock:
        return _load_model(possible)


@cache
def _load_model(possible: tuple[str, ...]) -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE)
    model.set_languages([code for code in model.labels if code in possible])
    return model
