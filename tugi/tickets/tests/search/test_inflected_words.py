"""The words of ru, ro, et and en in their forms: what is found with stems alone, and with kinship of forms."""

from __future__ import annotations

import pytest

from tugi.core.languages import detect
from tugi.tickets.search import words
from tugi.tickets.search.index import Document, engine
from tugi.tickets.search.plans import word_clauses
from tugi.tickets.search.query_language import parse
from tugi.tickets.search.tokens import tokens
from tugi.tickets.search.words import own_tokens
from tugi.tickets.tests.search.forms import CARRIERS, FORMS, STRANGERS

LEAST = {"en": 0.98, "ru": 0.95, "ro": 0.95, "et": 0.95}
MOST_FALSE = 0.07

pytestmark = pytest.mark.django_db


def write(messages: dict[int, str]) -> None:
    """Index texts as messages of these ids, without their rows."""
    documents = []
    for number, text in messages.items():
        language = detect(text)
        documents.append(Document(number, tuple(tokens(text, language))))
        words.learn((language, word.strip(".,:")) for word in text.split())
    engine().put(documents)


def finds(looked_for: str, number: int) -> bool:
    asked = tuple(word_clauses(parse(looked_for)))
    return number in engine().newest(asked, before=number + 1, since=number, limit=1)


def messages_with(language: str, others: list[str]) -> dict[int, str]:
    return {number: CARRIERS[language].format(word=word) for number, word in enumerate(others, 1)}


@pytest.mark.parametrize("language", FORMS)
def test_a_word_is_found_in_its_other_forms(language: str) -> None:
    pairs = [*FORMS[language], *((other, one) for one, other in FORMS[language])]
    messages = messages_with(language, [other for _one, other in pairs])
    write(messages)

    missed = [pair for number, pair in enumerate(pairs, 1) if not finds(pair[0], number)]
    stems_alone = [
        number
        for number, (one, _other) in enumerate(pairs, 1)
        if set(own_tokens(one)) & set(tokens(messages[number], language))
    ]

    recall = 1 - len(missed) / len(pairs)
    print(f"{language}: {len(pairs)} pairs, stems alone {len(stems_alone) / len(pairs):.3f}, found {recall:.3f}")
    assert recall >= LEAST[language], missed


@pytest.mark.parametrize("language", STRANGERS)
def test_a_word_that_only_begins_alike_is_not_found(language: str) -> None:
    pairs = [*STRANGERS[language], *((other, one) for one, other in STRANGERS[language])]
    write(messages_with(language, [other for _one, other in pairs]))

    wrong = [pair for number, pair in enumerate(pairs, 1) if finds(pair[0], number)]

    assert len(wrong) <= MOST_FALSE * len(pairs), wrong


def test_there_are_enough_words_to_say_so() -> None:
    assert sum(map(len, FORMS.values())) >= 250
