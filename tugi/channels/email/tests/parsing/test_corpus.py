"""Mails as their programs write them, in the languages of the desk. What was learned from a new mail goes here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tugi.channels.email.parsing import ParsedMail, parse_mail
from tugi.channels.email.tests.parsing.mails import arrived

CORPUS = Path(__file__).parent / "corpus"
EN, RU = "The number is 2026-117.\nThanks!", "Номер заказа 2026-117.\nСпасибо!"
ET, RO = "Number on 2026-117.\nAitäh!", "Numărul este 2026-117.\nMulțumesc!"
REPLIES = {
    "gmail-en": ("Dora Smith", EN),
    "gmail-ru": ("Дора Смирнова", RU),
    "gmail-et": ("Doora Tamm", "Tellimuse number on 2026-117.\nAitäh!"),
    "gmail-ro": ("Dora Ionescu", RO),
    "outlook-en": ("Dora Smith", EN),
    "outlook-ru": ("Дора Смирнова", RU),
    "outlook-de": ("Dora Müller", "Die Nummer ist 2026-117.\nDanke!"),
    "outlook-et": ("Doora Tamm", ET),
    "apple-en": ("Dora", EN),
    "iphone-ru": ("Дора", RU),
    "thunderbird-et": ("Doora Tamm", "Number on 2026-117. Aitäh!"),
    "thunderbird-ro-html": ("Dora Ionescu", RO),
    "yandex-ru": ("Дора", RU),
    "mailru-ru": ("Дора", RU),
    "proton-en": ("Dora", EN),
    "outlook-ios-ro": ("Dora Ionescu", RO),
}


def corpus(name: str) -> ParsedMail:
    return parse_mail((CORPUS / f"{name}.eml").read_bytes())


@pytest.mark.parametrize("name", REPLIES)
def test_a_reply_is_read_and_cut(name: str) -> None:
    found = corpus(name)
    author, reply = REPLIES[name]
    assert found.from_ is not None
    assert found.from_.name == author
    assert [line for line in found.reply_text.split("\n") if line] == reply.split("\n")
    assert found.quoted_text
    assert "ticket-4711.1.abc@desk.example" in found.in_reply_to
    assert "[#4711]" in found.subject
    assert found.machine.is_person
    assert found.problems == ()


@pytest.mark.parametrize("name", [name for name in REPLIES if not name.startswith(("thunderbird-et", "iphone"))])
def test_the_html_of_a_reply_is_cut_at_the_same_place(name: str) -> None:
    found = corpus(name)
    assert REPLIES[name][1].split("\n")[0] in found.reply_html
    assert "support@desk.example" not in found.reply_html
    assert found.quoted_html


@pytest.mark.parametrize("name", [path.stem for path in sorted(CORPUS.glob("*.eml"))])
def test_every_mail_of_the_corpus_is_read_without_a_fault(name: str) -> None:
    found = corpus(name)
    assert not [problem for problem in found.problems if "failed" in problem]
    assert arrived(found) == found


def test_the_logo_of_a_signature_is_inline() -> None:
    assert [(each.name, each.inline) for each in corpus("outlook-en").attachments] == [("image001.png", True)]


def test_the_plus_address_is_seen() -> None:
    assert "support+T4711@desk.example" in corpus("gmail-en").delivered_to
    assert "dmarc=pass" in corpus("gmail-en").auth_results[0]


def test_inline_answers_stay() -> None:
    found = corpus("thunderbird-en-inline")
    assert "2026-117" in found.reply_text
    assert "Since Monday." in found.reply_text


def test_eight_bit_mail_without_any_charset_is_read() -> None:
    found = corpus("kontakt-8bit-cp1251")
    assert found.subject == "Не работает вход в кабинет"
    assert found.from_ is not None
    assert found.from_.name == "Дора Смирнова"
    assert found.reply_text.endswith("Не могу войти в личный кабинет, помогите пожалуйста.")


def test_a_vacation_mail_is_no_answer() -> None:
    signs = corpus("vacation-et").machine
    assert (signs.is_auto_reply, signs.is_person, signs.may_answer) == (True, False, False)


@pytest.mark.parametrize("name", ["bounce-postfix", "bounce-exim"])
def test_a_bounce_names_our_mail_and_the_recipient(name: str) -> None:
    bounce = corpus(name).machine.bounce
    assert bounce is not None
    assert bounce.kind == "permanent"
    assert bounce.original_message_id == "ticket-4711.2.def@desk.example"
    assert bounce.recipients[0].addr.startswith("nobody@")


def test_a_monitor_is_a_machine_whose_mail_is_read() -> None:
    found = corpus("notice-monitoring")
    assert not found.machine.is_person
    assert not found.machine.is_bounce
    assert found.reply_text.startswith("Disk usage 97 %")
