"""Rule 1.14 and some more: what ends other readers."""

# ruff: noqa: E501 - mails and tables are kept on one line
from __future__ import annotations

import email.parser

import pytest

from tugi.channels.email.parsing import parse_mail
from tugi.channels.email.tests.parsing.hostile import hostile_mail
from tugi.channels.email.tests.parsing.mails import arrived, attached, html, mail, multipart, read, sent, text


def test_an_unknown_charset_is_no_error() -> None:
    assert read("Grüße", Content_Type="text/plain; charset=no-such-thing").text == "Grüße"


def test_ids_with_two_at_signs_are_kept() -> None:
    assert read(Message_ID="<a@b@c>").message_id == "a@b@c"


def test_nesting_that_ends_the_parser_of_the_standard_library_is_read() -> None:
    raw = hostile_mail("nested multiparts")
    with pytest.raises(RecursionError):
        email.parser.BytesParser().parsebytes(raw)
    assert "too_deep" in parse_mail(raw).problems


def test_pictures_of_a_related_part_within_a_mixed_one_are_found() -> None:
    related = "Content-Type: multipart/related; boundary=r\n\n--r\n" + html("<img src=cid:x>") + "\n--r\n"
    related += "Content-Type: image/gif\nContent-ID: <x>\n\nGIF89a\n--r--"
    assert parse_mail(multipart(related)).attachments[0].inline


def test_a_mail_in_the_mail_is_not_entered() -> None:
    inner = "Content-Type: message/rfc822\n\nSubject: inner\nContent-Type: multipart/mixed; boundary=i\n\n--i\nContent-Type: image/gif; name=a.gif\n\nGIF89a\n--i--"
    assert [each.name for each in parse_mail(multipart(text("x"), inner)).attachments] == ["inner.eml"]


def test_no_lone_surrogate_comes_out() -> None:
    raw = (
        b"From: \xff\xfe <a@b.c>\nSubject: \x80\nTo: \xed\xa0\x80@x\nMessage-ID: <\xff@b>\nX-Loop: \xff\n\n\xed\xa0\x80"
    )
    found = parse_mail(raw)
    sent(found).encode("utf-8")
    assert not any("\\ud8" in piece for piece in (sent(found),))


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain (with a (nested) comment); charset=utf-8",
        "TEXT/PLAIN; CHARSET=UTF-8",
        "text/plain;charset=utf-8",
        'text/plain; charset="utf-8',
        "text/plain; charset==utf-8",
        "text; charset=utf-8",
        "text/plain; charset=utf-8; charset=koi8-r",
        ";charset=utf-8",
        "",
        "text/plain;;; charset = utf-8 ;",
    ],
)
def test_odd_content_types_are_text(content_type: str) -> None:
    assert read("Grüße", Content_Type=content_type).text == "Grüße"


def test_a_multipart_without_a_boundary_is_guessed_or_shown() -> None:
    body = "--x\nContent-Type: text/plain\n\nhello\n--x--\n"
    assert read(body, Content_Type="multipart/mixed").text == "hello"
    assert "hello" in read("hello", Content_Type="multipart/mixed").text + str(
        read("hello", Content_Type="multipart/mixed").attachments
    )


def test_a_multipart_that_is_never_closed_is_read() -> None:
    raw = multipart(text("one"), text("two")).replace(b"--=b--\n", b"")
    assert parse_mail(raw).text == "one\n\ntwo"


def test_a_boundary_that_begins_like_another_is_not_it() -> None:
    inner = 'Content-Type: multipart/mixed; boundary="=bb"\n\n--=bb\n' + text("inner") + "\n--=bb--"
    assert parse_mail(multipart(inner, text("outer"))).text == "inner\n\nouter"


def test_a_long_content_type_with_encoded_names_is_kept_whole() -> None:
    name = "=?utf-8?Q?" + "=C3=A9" * 60 + ".pdf?="
    assert attached(f'Content-Type: application/pdf; name="{name}"').name == "é" * 60 + ".pdf"


def test_a_mail_inside_a_mail_to_the_limit_of_the_stack_is_a_file() -> None:
    assert len(parse_mail(hostile_mail("nested messages")).attachments) == 1


@pytest.mark.parametrize("size", [0, 1, 2, 3, 10, 100])
def test_every_beginning_of_a_mail_is_a_mail(size: int) -> None:
    raw = multipart(text("one"), html("<p>two</p>"), "Content-Type: image/gif; name=a.gif\n\nGIF89a")
    for end in range(size, len(raw), 11):
        found = parse_mail(raw[:end])
        assert arrived(found) == found


def test_own_headers_from_outside_are_only_reported() -> None:
    assert parse_mail(mail(X_Tugi_Agent="1")).headers["x-tugi-agent"] == ["1"]
