"""Rules 1.1.3 and 1.1.4: a mail that lacks anything, or has too much of it, is still a mail."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tugi.channels.email.parsing import Limits, parse_mail
from tugi.channels.email.tests.parsing.mails import arrived, mail, multipart, read, text


@pytest.mark.parametrize("name", ["From", "Subject", "Date", "Message_ID", "To"])
def test_a_mail_without_one_of_its_headers_is_read(name: str) -> None:
    found = read("Hello there", "utf-8", **{name: None})
    assert found.text == "Hello there"


def test_an_empty_mail_is_read_and_says_so() -> None:
    found = parse_mail(b"")
    assert found.from_ is None
    assert found.date is None
    assert found.message_id_made
    assert "no_visible_content" in found.problems


@pytest.mark.parametrize(
    ("headers", "addr"),
    [
        ({"From": None, "Reply_To": "r@b.c", "Return_Path": "<p@b.c>", "Sender": "s@b.c"}, "r@b.c"),
        ({"From": None, "Return_Path": "<p@b.c>", "Sender": "s@b.c"}, "p@b.c"),
        ({"From": None, "Return_Path": "<>", "Sender": "s@b.c"}, "s@b.c"),
        ({"From": "Ann <>", "Reply_To": "r@b.c"}, "r@b.c"),
        ({"From": "Ann", "Reply_To": "r@b.c"}, "r@b.c"),
    ],
)
def test_without_a_usable_from_others_step_in(headers: dict[str, str | None], addr: str) -> None:
    found = read("Hello", "utf-8", **headers)
    assert found.from_ is not None
    assert found.from_.addr == addr
    assert any(problem.startswith("from_") for problem in found.problems)


def test_a_name_without_an_address_is_kept_as_the_name() -> None:
    found = read(From="Ann Doe <>", Reply_To="r@b.c")
    assert found.from_ is not None
    assert found.from_.name == "Ann Doe"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Sat, 21 Nov 2020 10:00:00 +0200", datetime(2020, 11, 21, 8, tzinfo=UTC)),
        ("21 Nov 2020 10:00:00 GMT (with comment)", datetime(2020, 11, 21, 10, tzinfo=UTC)),
        ("Sat, 21 Nov 2020 10:00 -0000", datetime(2020, 11, 21, 10, tzinfo=UTC)),
        ("2020-11-21T10:00:00", datetime(2020, 11, 21, 10, tzinfo=UTC)),
        ("Sat, 21 Nov 20 10:00:00 EST", datetime(2020, 11, 21, 15, tzinfo=UTC)),
        ("rubbish", None),
        ("Sat, 99 Nov 2020 99:00:00 +0200", None),
        ("Sat, 31 Dec 9999 23:59:59 -2359", None),
        ("Thu, 1 Jan 1970 00:00:00 +0000", None),
        ("", None),
    ],
)
def test_dates_are_read_in_utc(value: str, expected: datetime | None) -> None:
    assert read(Date=value).date == expected


def test_a_date_in_the_future_is_cut_to_now() -> None:
    found = read(Date="Sat, 21 Nov 2099 10:00:00 +0200")
    assert found.date is not None
    assert found.date <= datetime.now(UTC)
    assert "date_in_future" in found.problems


def test_without_a_date_the_first_server_counts() -> None:
    found = read(Date=None, Received="from a by b; Sat, 21 Nov 2020 10:00:00 +0000")
    assert found.date == datetime(2020, 11, 21, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "limits", "problem"),
    [
        (multipart(*[text("x")] * 20), Limits(parts=5), "too_many_parts"),
        (multipart(*["Content-Type: a/b\n\nx"] * 20), Limits(attachments=5), "attachments_cut"),
        (mail("x" * 1_000), Limits(text=100), "body_cut"),
        (b"X: y\n" * 50 + b"\nx", Limits(header_lines=10), "header_cut"),
        (b"From: a@b.c\nrubbish\n more\nX: y\n\nbody", Limits(), "header_broken"),
    ],
)
def test_what_is_beyond_a_limit_is_named(raw: bytes, limits: Limits, problem: str) -> None:
    assert problem in parse_mail(raw, limits).problems


def test_long_subjects_are_shortened() -> None:
    assert len(read(Subject="a" * 5_000).subject) == 1_000


def test_addresses_are_counted() -> None:
    assert len(read(To=", ".join(f"a{n}@b.c" for n in range(2_000))).to) == 500


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
def test_any_line_end_will_do(ending: bytes) -> None:
    raw = multipart(text("one"), text("two")).replace(b"\n", ending)
    assert parse_mail(raw).text == "one\n\ntwo"


@pytest.mark.parametrize("first", [b"From ann@example.com Sat Nov 21\n", b">From ann Sat\n", b"\n\n", b"\r\n"])
def test_what_stands_before_the_header_is_passed_over(first: bytes) -> None:
    assert parse_mail(first + mail()).subject == "Hello"


def test_a_mail_travels_as_json() -> None:
    raw = multipart(
        text("x"), "Content-Type: image/png; name=a.png\n\n\x89PNG", Cc="Bob <b@c.d>, =?utf-8?q?=C3=A4?= <e@f.g>"
    )
    found = parse_mail(raw)
    assert arrived(found) == found


def test_a_bounce_travels_as_json() -> None:
    found = read(
        "550 5.1.1 <x@y.example> user unknown", From="MAILER-DAEMON@b.c", Subject="Undelivered Mail", Return_Path="<>"
    )
    assert found.machine.bounce is not None
    assert arrived(found) == found


def test_the_headers_that_the_intake_asks_for_are_kept() -> None:
    found = read(
        Auto_Submitted="no", List_Id="<l.x>", X_Tugi_Loop="1", X_Secret="s", Authentication_Results="mx; dmarc=pass"
    )
    assert found.headers == {"auto-submitted": ["no"], "list-id": ["<l.x>"], "x-tugi-loop": ["1"]}
    assert found.auth_results == ("mx; dmarc=pass",)
