"""Rules 1.2.2, 1.2.3 and 1.3.3: ids are kept as they are, all of them, the newest first."""

from __future__ import annotations

import pytest

from tugi.channels.email.parsing import parse_mail
from tugi.channels.email.tests.parsing.mails import mail, read


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<a@b>", "a@b"),
        ("  <a@b>  ", "a@b"),
        ("<a@@b>", "a@@b"),
        ("<a@b@c>", "a@b@c"),
        ("a@b", "a@b"),
        ("<a>", "a"),
        ("<a@b", "a@b"),
        ("<<a@b>>", "<a@b>"),
        ("<a b@c>", "a b@c"),
        ("<a@b> (comment)", "a@b"),
        ("<=?utf-8?q?a?=@b>", "=?utf-8?q?a?=@b"),
    ],
)
def test_broken_ids_are_kept_as_they_are(value: str, expected: str) -> None:
    found = read(Message_ID=value)
    assert found.message_id == expected
    assert not found.message_id_made


def test_of_two_ids_the_first_counts() -> None:
    assert parse_mail(b"Message-ID: <a@b>\nMessage-ID: <c@d>\n\nx").message_id == "a@b"


@pytest.mark.parametrize("value", [None, "", "<>", "  "])
def test_a_missing_id_is_made_of_the_mail_itself(value: str | None) -> None:
    raw = mail(Message_ID=value)
    found = parse_mail(raw)
    assert found.message_id_made
    assert found.message_id == parse_mail(raw).message_id
    assert found.message_id != parse_mail(raw + b" ").message_id
    assert "message_id_missing" in found.problems


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<1@a> <2@a> <3@a>", ("3@a", "2@a", "1@a")),
        ("<1@a>,<2@a>", ("2@a", "1@a")),
        ("<1@a><2@a>", ("2@a", "1@a")),
        ("<1@a>\n <2@a>", ("2@a", "1@a")),
        ("<1\n @a>", ("1@a",)),
        ("1@a 2@a", ("2@a", "1@a")),
        ("<1@@a> <x@y@z>", ("x@y@z", "1@@a")),
        ("<1@a> <2@a> <1@a>", ("1@a", "2@a")),
        ("", ()),
        ("<>", ()),
        ("Your message of Sat, 21 Nov <1@a>", ("1@a",)),
        ("<no-at-sign>", ("no-at-sign",)),
    ],
)
def test_references_are_read_newest_first(value: str, expected: tuple[str, ...]) -> None:
    assert read(References=value).references == expected
    assert read(In_Reply_To=value).in_reply_to == expected


def test_all_fields_of_a_name_count() -> None:
    found = parse_mail(b"References: <1@a>\nReferences: <2@a>\n\nx")
    assert found.references == ("2@a", "1@a")


def test_references_are_bounded() -> None:
    assert len(read(References=" ".join(f"<{n}@a>" for n in range(5_000))).references) == 200
