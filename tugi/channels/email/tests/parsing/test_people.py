"""Rules 1.6 and 1.7: who the mail is from and to, and nothing that a name could pretend."""

from __future__ import annotations

import pytest

from tugi.channels.email.parsing import parse_mail
from tugi.channels.email.tests.parsing.mails import read


@pytest.mark.parametrize(
    ("value", "name", "addr"),
    [
        ("=?utf-8?B?0JDQvdC90LA=?= <a@b.c>", "Анна", "a@b.c"),
        ("=?koi8-r?B?4c7OwQ==?= =?utf-8?Q?_Doe?= <a@b.c>", "Анна Doe", "a@b.c"),
        ('"=?utf-8?Q?J=C3=BCrgen?=" <a@b.c>', "Jürgen", "a@b.c"),
        ("a@b.c (=?utf-8?Q?J=C3=BCrgen?=)", "Jürgen", "a@b.c"),
        ("=?utf-8?Q?Doe=2C_Ann?= <a@b.c>", "Doe, Ann", "a@b.c"),
        ('"agent@desk.example" <evil@b.example>', "agent@desk.example", "evil@b.example"),
        ('"c1@a"<evil@b.example>', "c1@a", "evil@b.example"),
        ("=?utf-8?Q?agent=40desk.example=3E?= <evil@b.example>", "agent@desk.example>", "evil@b.example"),
        ("Ann <ANN@Example.COM.>", "Ann", "ANN@Example.COM"),
        ("Jürgen <a@b.c>", "Jürgen", "a@b.c"),
        ("A\x00nn <a@b.c>", "Ann", "a@b.c"),
        ("=?utf-8?Q?A=0D=0ABcc:_x=40y.z?= <a@b.c>", "A Bcc: x@y.z", "a@b.c"),
        ("Team: a@b.c;", "", "a@b.c"),
    ],
)
def test_the_author_is_who_the_structure_says(value: str, name: str, addr: str) -> None:
    found = read(From=value).from_
    assert found is not None
    assert (found.name, found.addr) == (name, addr)


def test_no_decoded_word_makes_a_new_address() -> None:
    found = read(From="=?utf-8?Q?attacker?Q?agent?=@victim.example")
    assert found.from_ is None or not found.from_.is_valid
    assert "from_broken" in found.problems


def test_two_authors_are_named_as_a_problem() -> None:
    found = read(From="a@b.c, evil@d.e")
    assert found.from_ is not None
    assert found.from_.addr == "a@b.c"
    assert "from_several" in found.problems


def test_of_two_from_headers_the_first_that_can_be_read_counts() -> None:
    found = parse_mail(b"From: broken\nFrom: Ann <a@b.c>\n\nx")
    assert found.from_ is not None
    assert found.from_.addr == "a@b.c"
    assert "from_twice" in found.problems


@pytest.mark.parametrize(
    ("raw", "hint", "expected"),
    [
        ("Анна".encode(), "utf-8", "Анна"),
        ("Анна".encode("cp1251"), "windows-1251", "Анна"),
        ("田中".encode("cp932"), "shift_jis", "田中"),
        ("张三".encode("gbk"), "gb2312", "张三"),
    ],
)
def test_raw_names_are_read_with_the_charset_of_the_text(raw: bytes, hint: str, expected: str) -> None:
    found = parse_mail(b"From: " + raw + b" <a@b.c>\nContent-Type: text/plain; charset=" + hint.encode() + b"\n\nx")
    assert found.from_ is not None
    assert found.from_.name == expected


def test_recipients_are_read_once_each() -> None:
    found = read(To="Desk <desk@b.c>, DESK@B.C, x@y.z", Cc="undisclosed-recipients:;, Bob <bob@b.c>")
    assert [each.addr for each in found.to] == ["desk@b.c", "x@y.z"]
    assert [each.addr for each in found.cc] == ["bob@b.c"]


def test_the_way_of_the_mail_names_the_address_it_came_by() -> None:
    raw = (
        b"Delivered-To: support+T1@desk.example\nX-Original-To: support@desk.example\nEnvelope-To: <e@desk.example>\n"
        b"Received: from a (b) by c with ESMTP id 1\n\tfor <list@desk.example>; Sat, 21 Nov 2020 10:00:00 +0000\n"
        b"Delivered-To: Autoresponder\nTo: other@b.c\n\nx"
    )
    assert parse_mail(raw).delivered_to == (
        "support+T1@desk.example",
        "support@desk.example",
        "e@desk.example",
        "list@desk.example",
    )


@pytest.mark.parametrize(("value", "expected"), [(None, None), ("<>", ""), ("<a@b.c>", "a@b.c"), ("a@b.c", "a@b.c")])
def test_the_return_path_may_be_missing_empty_or_an_address(value: str | None, expected: str | None) -> None:
    assert read(Return_Path=value).return_path == expected


def test_sender_and_reply_to_are_read() -> None:
    found = read(Sender="S <s@b.c>", Reply_To="R <r@b.c>, q@b.c")
    assert found.sender is not None
    assert found.sender.addr == "s@b.c"
    assert [each.addr for each in found.reply_to] == ["r@b.c", "q@b.c"]
