"""Rule 1.10 for plain text: what is folded, in the languages of the senders, and what must not be."""

# ruff: noqa: E501 - mails and tables are kept on one line
from __future__ import annotations

import pytest

from tugi.channels.email.parsing.quotes import cut_text
from tugi.channels.email.tests.parsing.quote_languages import HEADER_BLOCKS, INTRODUCTIONS, SENT_FROM, SEPARATORS

ALL = "ALL"
CASES = [
    (
        "gmail",
        "Thanks!\n\nOn Fri, Nov 20, 2026 at 10:15 AM Anna Smith <anna@example.com>\nwrote:\n\n> Hello\n> you\n",
        "Thanks!",
    ),
    ("gmail wrap2", "Thanks!\nOn Fri, Nov 20, 2026 at 10:15 AM Anna <\nanna@example.com> wrote:\n> Hello\n", "Thanks!"),
    ("de", "Danke\n\nAm 20.11.2026 um 10:15 schrieb Anna <a@b.de>:\n> x\n", "Danke"),
    ("de2", "Danke\n\nAm Fr., 20. Nov. 2026 um 10:15 Uhr schrieb Anna Müller <\na@b.de>:\n\n> x\n", "Danke"),
    ("ru", "Спасибо\n\nпт, 20 нояб. 2026 г. в 10:15, Анна <a@b.ru>:\n\n> x\n", "Спасибо"),
    ("yandex", 'Спасибо\n\n20.11.2026, 10:15, "Анна" <a@b.ru>:\nПривет', "Спасибо"),
    ("mailru", "Спасибо\n\n  \n>Пятница, 20 ноября 2026, 10:15 +03:00 от Анна <a@b.ru>:\n> \n>Привет\n>x", "Спасибо"),
    ("et", "Aitäh\n\nKuupäev R, 20. november 2026 kell 10:15 kirjutas Anna <a@b.ee>:\n\n> x", "Aitäh"),
    ("ro", "Mulțumesc\n\nPe vin., 20 nov. 2026 la 10:15, Ana <a@b.ro> a scris:\n> x", "Mulțumesc"),
    ("fr", "Merci\n\nLe ven. 20 nov. 2026 à 10:15, Anna <a@b.fr> a écrit :\n\n> x", "Merci"),
    ("pl", "Dzięki\n\npt., 20 lis 2026 o 10:15 Anna <a@b.pl> napisał(a):\n\n> x", "Dzięki"),
    ("uk", "Дякую\n\nпт, 20 лист. 2026 р. о 10:15 Анна <a@b.ua> пише:\n> x", "Дякую"),
    ("sv", "Tack\n\nDen fre 20 nov. 2026 kl 10:15 skrev Anna <a@b.se>:\n\nxx", "Tack"),
    ("zh", "谢谢\n\nAnna <a@b.cn> 于2026年11月20日周五 10:15写道：\n\n> x", "谢谢"),
    ("ja", "ありがとう\n\n2026年11月20日(金) 10:15 田中 <a@b.jp>:\n\n> x", "ありがとう"),
    ("ko", "감사\n\n2026년 11월 20일 (금) 오전 10:15, 홍길동 <a@b.kr>님이 작성:\n\n> x", "감사"),
    (
        "outlook",
        "Ok\n\n________________________________\nFrom: Anna <a@b.c>\nSent: Friday, November 20, 2026 10:15\nTo: Desk\nSubject: RE: hi\n\nbody",
        "Ok",
    ),
    (
        "outlook de",
        "Ok\n\nVon: Anna <a@b.c>\nGesendet: Freitag, 20. November 2026 10:15\nAn: Desk\nBetreff: AW: hi\n\nbody",
        "Ok",
    ),
    ("outlook ru", "Ок\n\nОт: Анна\nОтправлено: 20 ноября 2026 г. 10:15\nКому: Desk\nТема: hi\n\nbody", "Ок"),
    ("orig", "Ok\n\n-----Original Message-----\nFrom: x\n\nbody", "Ok"),
    ("orig de", "Ok\n\n-----Ursprüngliche Nachricht-----\nVon: x\n\nbody", "Ok"),
    ("inline", "Hi\n\nOn 20.11.2026 10:15, Anna <a@b.c> wrote:\n> q1\nyes\n> q2\nno", "ALL"),
    ("bottom", "On 20.11.2026 10:15, Anna <a@b.c> wrote:\n> q1\n> q2\n\nMy answer\nis here", "My answer\nis here"),
    ("only quote", "On 20.11.2026 10:15, Anna <a@b.c> wrote:\n> q1\n> q2\n", "ALL"),
    ("running", "Hello\nOn Monday I wrote:\nplease help\nFrom: that day nothing", "ALL"),
    ("travel", "Please book:\nFrom: Tallinn\nTo: Tartu\nDate: 5.12.2026\nthanks", "ALL"),
    ("log", "see log\n> npm start\n> node x\nError at y", "ALL"),
    ("log2", "see log\n> npm start", "ALL"),
    ("sig", "Hello\nworld\n\n-- \nAnna\nACME", "Hello\nworld"),
    ("iphone", "Hello\n\nSent from my iPhone\n\n> On 20 Nov 2026, at 10:15, Anna <a@b.c> wrote:\n> \n> x", "Hello"),
    ("iphone2", "Hello\n\nSent from my iPhone", "Hello"),
    ("own", "Hello\n\n##- Please type your reply above this line -##\nfoo", "Hello"),
    (
        "fwd only",
        "---------- Forwarded message ---------\nFrom: A <a@b.c>\nDate: Fri\nSubject: x\nTo: y\n\nbody",
        "ALL",
    ),
    (
        "torn",
        "ok\n\nOn 20.11.2026 10:15, Anna <a@b.c> wrote:\n> this is a very long line of text that has been wrapped by the mail\nserver again\n> and goes on\n",
        "ok",
    ),
    (
        "list footer",
        "ok\n\nOn 20.11.2026 10:15, Anna <a@b.c> wrote:\n> x\n> y\n\n_______________________________________________\nList mailing list\nlist@x.y",
        "ok",
    ),
    ("no>", "ok\n\nOn Fri, 20 Nov 2026 at 10:15, Anna <a@b.c> wrote:\n\nHello there\nfoo", "ok"),
    ("he", "תודה\n\nבתאריך יום ו׳, 20 בנוב׳ 2026 ב-10:15 מאת אנה <‪a@b.il‬‏>:‬\n\n> x", "תודה"),
    ("cs", "Díky\n\npá 20. 11. 2026 v 10:15 odesílatel Anna <a@b.cz> napsal:\n\n> x", "Díky"),
    ("tb-no addr", "ok\n\nAm 20.11.26 um 10:15 schrieb Anna Müller:\n> x", "ok"),
    ("eudora", "ok\n\nAt 10:15 20/11/2026, you wrote:\n>x", "ok"),
    ("plain name", "ok\n\nAnna Smith wrote:\n> x", "ok"),
]


@pytest.mark.parametrize(("name", "body", "reply"), CASES, ids=[case[0] for case in CASES])
def test_the_reply_is_cut_out(name: str, body: str, reply: str) -> None:
    assert cut_text(body).reply == (body if reply == ALL else reply)


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
@pytest.mark.parametrize("quoted", ["> one\n> two", "one\ntwo", "> one\n>\n>> two\n\n-- \nBob"])
def test_introductions_are_known_in_all_languages(introduction: str, quoted: str) -> None:
    found = cut_text(f"The answer.\n\n{introduction}\n\n{quoted}")
    assert found.reply == "The answer."
    assert found.quoted.startswith(introduction.split("\n")[0])


@pytest.mark.parametrize("block", HEADER_BLOCKS)
def test_header_blocks_are_known_in_all_languages(block: str) -> None:
    assert cut_text(f"The answer.\n\n{block}\n\nold text").reply == "The answer."
    assert cut_text(f"The answer.\n\n________________________________\n{block}\n\nold").reply == "The answer."


@pytest.mark.parametrize("separator", SEPARATORS)
def test_separators_are_known_in_all_languages(separator: str) -> None:
    assert cut_text(f"The answer.\n\n{separator}\nold text").reply == "The answer."


@pytest.mark.parametrize("line", SENT_FROM)
def test_what_telephones_add_is_folded(line: str) -> None:
    assert cut_text(f"The answer.\n\n{line}").reply == "The answer."


@pytest.mark.parametrize(
    "body",
    [
        "I wrote to you on 12.03.2026:\nplease help",
        "On Monday I wrote:\nplease help",
        "My request from: Tallinn\nTo: Tartu",
        "Steps:\n> one",
        "```\n> select 1;\n> select 2;\n```\nfails",
        ">>> print(1)\n1",
        "2026-11-20 10:15:00 INFO start\n2026-11-20 10:15:01 ERROR stop",
        "Call me at 10:15, or write to ann@example.com:\nI am in the office",
        "Dear all:\nhello",
        "a\n\n---\n\nb",
        "Subject: my problem\nIt does not work.",
        "Date: 20.11.2026\nPlace: Tallinn\nFrom: 10:00\nTo: 12:00",
        "-- this is not a signature\nreally",
        "",
        "\n\n",
    ],
)
def test_running_text_is_not_cut(body: str) -> None:
    assert cut_text(body).quoted == ""


@pytest.mark.parametrize(
    "body",
    [
        "On 20.11.2026 10:15, Ann <a@b.c> wrote:\n> Does it work?\nYes\n> Since when?\nMonday",
        "Hi\n\n> Does it work?\n\nYes, it does\n\n> Since when?\n\nMonday",
        "> Does it work?\nYes",
    ],
)
def test_answers_between_quotations_are_never_folded(body: str) -> None:
    reply = cut_text(body).reply
    assert "Yes" in reply
    assert "Monday" in reply or "Monday" not in body


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
def test_nothing_is_lost_between_the_two_parts(introduction: str) -> None:
    body = f"The answer.\n\n{introduction}\n> one\n> two\n\nbelow"
    found = cut_text(body)
    assert sorted(f"{found.reply}\n{found.quoted}".split()) == sorted(body.split())


def test_text_beyond_the_bound_stays_with_its_part() -> None:
    body = "The answer.\n\nOn 20.11.2026 10:15, Ann <a@b.c> wrote:\n" + "> old\n" * 60_000
    found = cut_text(body)
    assert found.reply == "The answer."
    assert found.quoted.count("> old") == 60_000
