"""The desk speaks its languages in full: every text of the code is in every catalogue, and translated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po

from tests.house.source import PACKAGE, ROOT, text

LOCALE = PACKAGE / "locale"
LANGUAGES = sorted(path.name for path in LOCALE.iterdir() if path.is_dir())
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")

Key = tuple[str, str | None]
"""The (first) English of a text, and its context."""


@cache
def catalogue(language: str) -> Catalog:
    with (LOCALE / language / "LC_MESSAGES/django.po").open("rb") as source:
        return read_po(source, locale=language, domain="django")


def messages(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def forms(said: str | Iterable[str] | None) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said or ())


def key(said: str | Iterable[str], context: str | None) -> Key:
    return forms(said)[0], context


def keywords() -> dict[str, tuple[int, ...] | None]:
    """What `bin/messages` looks for: its `--keywords` beside Babel's own."""
    told = re.findall(r"--keywords (\S+)", text(ROOT / "bin/messages"))
    return {**DEFAULT_KEYWORDS, **parse_keywords(told)}


@cache
def written_in_code() -> frozenset[Key]:
    with (LOCALE / "babel.cfg").open(encoding="utf-8") as settings:
        methods, options = parse_mapping_cfg(settings)  # type: ignore[no-untyped-call]
    found = extract_from_dir(PACKAGE, methods, options, keywords=keywords())
    return frozenset(key(said, context) for _file, _line, said, _comments, context in found)


def unlike(message: Message) -> Iterator[str]:
    """Forms whose placeholders are not those of the English."""
    wanted = set(PLACEHOLDER.findall(" ".join(forms(message.id))))
    yield from (form for form in forms(message.string) if set(PLACEHOLDER.findall(form)) != wanted)


def test_babel_finds_the_texts_of_the_code() -> None:
    assert len(written_in_code()) > 400


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_code_is_in_the_catalogue(language: str) -> None:
    known = {key(message.id, message.context) for message in messages(language)}
    assert not (missing := sorted(str(each) for each in written_in_code() - known)), missing


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_in_every_plural_form(language: str) -> None:
    plurals = catalogue(language).num_plurals
    for message in messages(language):
        said = forms(message.string)
        assert all(said) and len(said) == (plurals if message.pluralizable else 1), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_a_guess(language: str) -> None:
    assert not [message.id for message in messages(language) if message.fuzzy]


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_placeholders(language: str) -> None:
    wrong = [form for message in messages(language) for form in unlike(message)]
    assert not wrong, wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_space_at_either_end(language: str) -> None:
    def edges(said: str) -> tuple[bool, bool]:
        return said[:1].isspace(), said[-1:].isspace()

    for message in messages(language):
        for form in forms(message.string):
            assert edges(form) == edges(forms(message.id)[0]), form
