"""Rule 1.5: what did not arrive, for whom, for how long, and which of our mails it was."""

# ruff: noqa: E501 - mails and tables are kept on one line
from __future__ import annotations

import pytest

from tugi.channels.email.parsing import Bounce, parse_mail
from tugi.channels.email.parsing.bounces import is_permanent
from tugi.channels.email.tests.parsing.mails import multipart, read, text

ORIGINAL = (
    "Content-Type: message/rfc822\n\nFrom: desk@desk.example\nMessage-ID: <our-1@desk.example>\nSubject: x\n\nbody"
)
DAEMON = {"From": "Mail Delivery System <MAILER-DAEMON@mx.example>", "Return_Path": "<>"}


def report(status: str, *, original: str = ORIGINAL, kind: str = "report", **headers: str | None) -> Bounce | None:
    part = f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n{status}"
    params = "; report-type=delivery-status" if kind == "report" else ""
    raw = multipart(text("It failed."), part, original, kind=kind, params=params, **{**DAEMON, **headers})
    return parse_mail(raw).machine.bounce


def recipient(action: str, status: str, diagnostic: str = "smtp; 550 No such user") -> str:
    return f"Final-Recipient: rfc822; x@y.example\nAction: {action}\nStatus: {status}\nDiagnostic-Code: {diagnostic}\n"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (recipient("failed", "5.1.1"), "permanent"),
        (recipient("Failed", "5.0.0 (permanent failure)"), "permanent"),
        (recipient("failed", "5.2.2", "smtp; 552 Mailbox full"), "transient"),
        (recipient("failed", "5.7.1", "smtp; 550 Policy"), "transient"),
        (recipient("failed", "4.4.7"), "transient"),
        (recipient("delayed", "4.4.1"), "delayed"),
        (recipient("delivered", "2.0.0"), "delivered"),
        (recipient("relayed", "2.0.0"), "delivered"),
        (recipient("expanded", "2.0.0"), "delivered"),
        (recipient("delivered", "2.0.0") + "\n" + recipient("failed", "5.1.1"), "permanent"),
    ],
)
def test_a_report_says_how_lasting_the_failure_is(status: str, kind: str) -> None:
    found = report(status)
    assert found is not None
    assert found.kind == kind
    assert found.original_message_id == "our-1@desk.example"
    assert found.recipients[0].addr == "x@y.example"
    assert found.is_failure is (kind in ("permanent", "transient"))


def test_status_and_text_are_kept() -> None:
    found = report(recipient("failed", "5.1.1", "smtp; 550 5.1.1 <x@y.example>:\n  User unknown"))
    assert found is not None
    assert found.recipients[0].status == "5.1.1"
    assert found.recipients[0].text == "550 5.1.1 <x@y.example>: User unknown"


def test_the_original_may_be_only_its_header() -> None:
    found = report(
        recipient("failed", "5.1.1"), original="Content-Type: text/rfc822-headers\n\nMessage-ID: <our-2@desk.example>"
    )
    assert found is not None
    assert found.original_message_id == "our-2@desk.example"


def test_a_report_in_a_mixed_mail_counts_from_a_mail_system_only() -> None:
    status = recipient("failed", "5.1.1")
    assert report(status, kind="mixed") is not None
    assert report(status, kind="mixed", From="Ann <ann@example.com>", Return_Path="<ann@example.com>") is None


def test_a_person_who_forwards_a_bounce_is_a_person() -> None:
    part = f"Content-Type: message/delivery-status\n\n{recipient('failed', '5.1.1')}"
    signs = parse_mail(multipart(text("What does this mean?"), part, ORIGINAL)).machine
    assert signs.is_person
    assert not signs.is_bounce


def test_failed_recipients_in_a_header_make_a_bounce() -> None:
    body = "Delivery failed: a@b.example\n\n------ This is a copy of the message, including all the headers. ------\n\nMessage-ID: <our-3@d>\n"
    found = read(body, X_Failed_Recipients="a@b.example, c@d.example", **DAEMON).machine.bounce
    assert found is not None
    assert [each.addr for each in found.recipients] == ["a@b.example", "c@d.example"]
    assert found.original_message_id == "our-3@d"


QMAIL = """Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.

<x@y.example>:
550 5.1.1 User unknown

--- Below this line is a copy of the message.

Return-Path: <desk@desk.example>
Message-ID: <our-4@desk.example>
"""
EXCHANGE = """Your message did not reach some or all of the intended recipients.

The following recipient(s) could not be reached:
    x@y.example on 21.11.2020 10:00
    The e-mail account does not exist at the organization this message was sent to.
    <mx.example #5.1.1>
"""
NOTES = """Your message

  Subject: Hello

was not delivered to:

  x@y.example

because:

  User x (x@y.example) not listed in Domino Directory
"""
RUSSIAN = """Ваше сообщение не может быть доставлено одному или нескольким получателям.
x@y.example: 550 user not found
"""
DELAY = """THIS IS A WARNING MESSAGE ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE.
Delivery to x@y.example has been delayed. It will be retried for 4 days. 4.4.1 timed out
"""


@pytest.mark.parametrize(
    ("subject", "body", "headers", "kind"),
    [
        ("failure notice", QMAIL, DAEMON, "permanent"),
        ("Undeliverable: Hello", EXCHANGE, {"From": "System Administrator <postmaster@y.example>"}, "permanent"),
        (
            "DELIVERY FAILURE: User not listed",
            NOTES,
            {"From": "Postmaster@y.example", "Return_Path": "<>"},
            "permanent",
        ),
        ("Недоставленное сообщение", RUSSIAN, {"From": "mailer-daemon@mail.example"}, "permanent"),
        ("Warning: could not send message for past 4 hours", DELAY, DAEMON, "delayed"),
    ],
)
def test_bounces_without_a_report_are_known_by_their_words(
    subject: str, body: str, headers: dict[str, str | None], kind: str
) -> None:
    signs = read(body, "utf-8", Subject=subject, **headers).machine
    assert signs.is_bounce
    assert signs.bounce is not None
    assert signs.bounce.kind == kind
    assert signs.bounce.recipients[0].addr == "x@y.example"
    assert (signs.may_answer, signs.is_person) == (False, False)


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Undeliverable parcel", "My parcel could not be delivered, 550 crowns are lost. Message-ID: <a@b>"),
        ("failure notice", QMAIL),
        ("Delivery problem", "Delivery has failed three times now."),
        ("Re: Returned mail", "user unknown, what does it mean?"),
    ],
)
def test_people_may_write_about_bounces(subject: str, body: str) -> None:
    signs = read(body, Subject=subject, Return_Path="<ann@example.com>").machine
    assert signs.is_person
    assert not signs.is_bounce


def test_a_postmaster_with_an_ordinary_mail_does_not_bounce() -> None:
    assert not read("The server moves on Sunday.", Subject="Maintenance", From="postmaster@y.example").machine.is_bounce


@pytest.mark.parametrize(
    ("status", "text_", "expected"),
    [
        ("5.1.1", "", True),
        ("5.0.0", "user unknown", True),
        ("", "no such user", True),
        ("5.2.2", "", False),
        ("5.7.26", "", False),
        ("4.2.1", "", False),
        ("5.0.0", "mailbox is full", False),
        ("5.0.0", "rejected as spam", False),
    ],
)
def test_only_bad_addresses_are_permanent(status: str, text_: str, expected: bool) -> None:
    assert is_permanent(status, text_) is expected
