from __future__ import annotations

import sys

import pytest

from tugi.core import languages
from tugi.core.inflection import are_kin, level


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Hello, I have a question about my payment."),
        ("ru", "Здравствуйте, вопрос об оплате заказа."),
        ("ro", "Bună ziua, am o întrebare despre plata mea."),
        ("et", "Tere, mul on küsimus arve kohta."),
    ],
)
def test_a_sentence_says_its_language(language: str, text: str) -> None:
    assert languages.detect(text) == language


def test_a_hint_decides_where_the_text_is_too_short() -> None:
    assert languages.detect("OK", hint="et") == "et"
    assert languages.detect("", hint="ro") == "ro"


def test_a_hint_of_a_language_that_the_desk_does_not_have_is_passed_over() -> None:
    assert languages.detect("OK", hint="ja") == "en"
    assert languages.detect("!", hint="x" * 1000) == "en"


def test_the_script_outweighs_a_hint() -> None:
    assert languages.detect("Где мой заказ?", hint="en") == "ru"


@pytest.mark.parametrize("text", ["", "\x00", "😀😀", "漢字", "1234 5678", "a" * 100_000, "\ud800"])
def test_no_text_is_too_odd_to_detect(text: str) -> None:
    assert languages.detect(text) in languages.desk_languages()


def test_the_model_is_not_loaded_for_what_the_script_tells() -> None:
    sys.modules.pop("py3langid.langid", None)
    languages._load_model.cache_clear()

    languages.detect("Здравствуйте")
    languages.stem("invoices", "en")

    assert "py3langid.langid" not in sys.modules


def test_stems_join_forms() -> None:
    assert languages.stem("Invoices", "en") == languages.stem("invoice", "en")
    assert languages.stem("заказов", "ru") == languages.stem("Заказ", "ru")


def test_a_stem_has_no_marks_but_keeps_the_russian_letters() -> None:
    assert languages.stem("mașină", "ro").isascii()
    assert languages.stem("йод", "ru") == "йод"
    assert languages.stem("ёлка", "ru") == languages.stem("елка", "ru")


def test_a_word_alone_has_the_stems_of_every_language_of_its_script() -> None:
    assert languages.stems("payments") >= {"payment", "payments"}
    assert languages.languages_of_word("счёт") == ("ru",)
    assert languages.languages_of_word("2026") == ()
    assert languages.languages_of_word("漢字") == ()


def test_a_word_in_another_script_is_read_in_its_own_language() -> None:
    assert languages.language_of_word("счёт", "en") == "ru"
    assert languages.language_of_word("invoice", "ro") == "ro"


def test_trigrams_mark_beginning_and_end() -> None:
    assert languages.trigrams("abc") == {"  a", " ab", "abc", "bc "}


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [("et", "hind", "hinna"), ("et", "kaart", "kaardiga"), ("ro", "scrisoare", "scrisori"), ("ru", "заказ", "заказов")],
)
def test_forms_are_kin(language: str, one: str, other: str) -> None:
    assert are_kin(level(one, language), level(other, language), language)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [("et", "arve", "arvamus"), ("ro", "contract", "contact"), ("ru", "карта", "картина"), ("en", "a", "an")],
)
def test_strangers_are_not(language: str, one: str, other: str) -> None:
    assert not are_kin(level(one, language), level(other, language), language)


def test_the_model_comes_back_when_it_is_asked_again() -> None:
    languages.cool_down()

    assert languages.detect("Kus on minu tellimus? Palun aidake see üles leida.") == "et"
