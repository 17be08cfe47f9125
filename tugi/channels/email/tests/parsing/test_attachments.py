"""Rule 1.12 and threat B8.1: names that are safe, types by content, what is shown, what is hidden."""

# ruff: noqa: E501 - mails and tables are kept on one line
from __future__ import annotations

import pytest

from tugi.channels.email.parsing import parse_mail
from tugi.channels.email.tests.parsing.mails import attached, html, multipart, text
from tugi.core.file_names import clean_name
from tugi.core.file_types import sniff


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ("Content-Type: a/b; name=a.pdf", "a.pdf"),
        ('Content-Type: a/b; name="x.pdf"\nContent-Disposition: attachment; filename="a b.pdf"', "a b.pdf"),
        ("Content-Type: a/b\nContent-Disposition: attachment; filename=a b.pdf", "a b.pdf"),
        ("Content-Type: a/b\nContent-Disposition: attachment; filename*=utf-8''%C3%A9.pdf", "é.pdf"),
        ("Content-Type: a/b\nContent-Disposition: attachment; filename*=windows-1251'ru'%EF.pdf", "п.pdf"),
        ("Content-Type: a/b; name*0=a; name*1=b; name*2=.pdf", "ab.pdf"),
        ("Content-Type: a/b; name*1=b; name*0=a; name*2=.pdf", "ab.pdf"),
        ("Content-Type: a/b; name*0*=utf-8''%C3; name*1*=%A9; name*2=.pdf", "é.pdf"),
        ("Content-Type: a/b; name*0*=utf-8''a; name*10=k; name*2=c", "ack"),
        ('Content-Type: a/b; name="=?utf-8?Q?=C3=A9.pdf?="', "é.pdf"),
        ('Content-Type: a/b; name="=?utf-8?Q?=C3?=\n =?utf-8?Q?=A9.pdf?="', "é.pdf"),
        ("Content-Type: a/b; name==?utf-8?B?w6kucGRm?=", "é.pdf"),
        ("Content-Type: a/b; name*=utf-8''a.pdf; name=b.pdf", "a.pdf"),
        (
            'Content-Type: a/b\nContent-Disposition: attachment; filename=""; x=y\nContent-Description: real.pdf',
            "real.pdf",
        ),
        ('Content-Type: a/b; name="a\\"b.pdf"', "a_b.pdf"),
        ('Content-Type: a/b; name="../../etc/passwd"', "passwd"),
        ('Content-Type: a/b; name="C:\\\\dir\\\\x.pdf"', "x.pdf"),
        ('Content-Type: a/b; name="файл.pdf"', "файл.pdf"),
        ("Content-Type: application/pdf (a comment); name=a.pdf", "a.pdf"),
        ('Content-Type: a/b; name="unclosed.pdf', "unclosed.pdf"),
        ("Content-Type: a/b; NAME=a.pdf", "a.pdf"),
    ],
)
def test_names_are_read_in_all_their_spellings(headers: str, name: str) -> None:
    assert attached(headers).name == name


@pytest.mark.parametrize(
    ("headers", "body", "name"),
    [
        ("Content-Type: application/pdf", "%PDF-1.4", "file.pdf"),
        ("Content-Type: image/gif", "GIF89a", "image.gif"),
        ("Content-Type: image/jpeg\nContent-Disposition: attachment", "x", "text.txt"),
        ('Content-Type: application/octet-stream; name=" "', "\x00\x01", "file.bin"),
        ('Content-Type: application/octet-stream; name="..."', "\x00\x01", "file.bin"),
    ],
)
def test_a_missing_name_is_made_up_by_type(headers: str, body: str, name: str) -> None:
    assert attached(headers, body).name == name


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("\u200b.htaccess", "htaccess"),
        (".htaccess", "htaccess"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("a\x00b.txt", "ab.txt"),
        ("a\r\nb.txt", "a b.txt"),
        ("..\\x", "x"),
        ("/etc/x", "x"),
        (".", ""),
        ("", ""),
        ("a" * 4_000 + ".pdf", "a" * 251 + ".pdf"),
        ("ä" * 200 + ".pdf", "ä" * 125 + ".pdf"),
        ('a<b>:"c|?*.txt', "a_b___c___.txt"),
        ("name. ", "name"),
        ("\ufeffa.txt", "a.txt"),
    ],
)
def test_names_hold_no_path_and_nothing_invisible(name: str, clean: str) -> None:
    assert clean_name(name) == clean


def test_two_files_of_one_name_are_two_files() -> None:
    part = "Content-Type: a/b; name=a.bin\n\n"
    found = parse_mail(multipart(text("x"), f"{part}1", f"{part}2"))
    assert [(each.name, each.content) for each in found.attachments] == [("a.bin", b"1"), ("a.bin", b"2")]


@pytest.mark.parametrize(
    ("data", "declared", "expected"),
    [
        (b"%PDF-1.7", "application/octet-stream", "application/pdf"),
        (b"<html><script>", "image/png", "text/html"),
        (b"  <!-- x --><!DOCTYPE html>", "text/plain", "text/html"),
        (b"<?xml version='1.0'?><svg xmlns='x'>", "image/png", "image/svg+xml"),
        (b"<svg onload=x>", "text/plain", "image/svg+xml"),
        (b"<?xml version='1.0'?><x/>", "application/pdf", "text/xml"),
        (b"\xff\xfe<\x00h\x00t\x00m\x00l\x00>\x00", "text/plain", "text/html"),
        (b"GIF89a<script>", "image/gif", "image/gif"),
        (b"hello", "text/plain", "text/plain"),
        (b"a,b", "text/csv", "text/csv"),
        (b"{}", "application/json", "application/json"),
        (b"alert(1)", "text/javascript", "text/plain"),
        (b"hello", "text/html", "text/plain"),
        (b"hello", "image/png", "text/plain"),
        (b"\x00\x01\x02", "image/png", "application/octet-stream"),
        (b"\x00\x01\x02", "text/html", "application/octet-stream"),
        (b"\x00\x01\x02", "application/pdf", "application/octet-stream"),
        (b"\x00\x01\x02", "application/x-strange", "application/x-strange"),
        (b"MZ\x90\x00", "image/png", "application/vnd.microsoft.portable-executable"),
        (b"MZ is a text", "text/plain", "text/plain"),
        (b"PK\x03\x04" + b"\0" * 26 + b"word/document.xml", "application/zip",
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (b"PK\x03\x04" + b"\0" * 26 + b"x", "application/x-thing", "application/zip"),
        (b"RIFF\0\0\0\0WEBPVP8", "x/y", "image/webp"),
        (b"\0\0\0\x18ftypheic", "x/y", "image/heic"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword", "application/msword"),
        (b"BEGIN:VCALENDAR", "text/plain", "text/calendar"),
        (b"", "image/png", "application/octet-stream"),
        (b"", "text/plain", "text/plain"),
    ],
)  # fmt: skip
def test_a_file_is_what_its_bytes_are(data: bytes, declared: str, expected: str) -> None:
    assert sniff(data, declared) == expected


def picture(headers: str, shown: str = '<img src="cid:p@x">') -> bool:
    part = b"Content-Type: image/png\n" + headers.encode() + b"\n\n\x89PNG\r\n\x1a\n"
    return parse_mail(multipart(html(shown), part, kind="related")).attachments[0].inline


@pytest.mark.parametrize(
    ("headers", "shown", "inline"),
    [
        ("Content-ID: <p@x>", '<img src="cid:p@x">', True),
        ("Content-ID: <p@x>\nContent-Disposition: inline", '<img src="cid:p@x">', True),
        ("Content-ID: <p@x>\nContent-Disposition: attachment", '<img src="cid:p@x">', False),
        ("Content-ID: <p@x>", "<p>never shown</p>", False),
        ("Content-ID: p@x", "<img src='CID:p@x'>", True),
        ("Content-ID: <p@x>", '<img src="cid:p%40x">', True),
        ("Content-Location: http://a.example/p.png", '<img src="http://a.example/p.png">', True),
        ("X-Nothing: x", '<img src="cid:p@x">', False),
    ],
)
def test_a_picture_is_inline_if_it_is_shown(headers: str, shown: str, inline: bool) -> None:
    assert picture(headers, shown) is inline


def test_an_inline_pdf_is_a_file() -> None:
    part = "Content-Type: application/pdf\nContent-ID: <p@x>\nContent-Disposition: inline\n\n%PDF-1.4"
    found = parse_mail(multipart(html("<img src=cid:p@x>"), part, kind="related")).attachments[0]
    assert not found.inline
    assert not found.hidden


@pytest.mark.parametrize(
    ("headers", "hidden"),
    [
        ("Content-Type: application/pgp-signature", True),
        ("Content-Type: application/pkcs7-signature; name=smime.p7s", True),
        ("Content-Type: message/delivery-status", True),
        ("Content-Type: text/rfc822-headers", True),
        ("Content-Type: application/pdf", False),
        ("Content-Type: application/ms-tnef; name=winmail.dat", False),
        ("Content-Type: application/pkcs7-mime; name=smime.p7m", False),
    ],
)
def test_noise_is_hidden_and_kept(headers: str, hidden: bool) -> None:
    found = attached(headers)
    assert found.hidden is hidden
    assert found.content == b"content"


def test_the_calendar_among_alternatives_is_a_hidden_file() -> None:
    found = parse_mail(multipart(text("x"), "Content-Type: text/calendar\n\nBEGIN:VCALENDAR", kind="alternative"))
    assert [(each.name, each.hidden) for each in found.attachments] == [("text.ics", True)]


def test_a_mail_in_the_mail_is_one_file_named_by_its_subject() -> None:
    inner = "Content-Type: message/rfc822\n\nSubject: =?utf-8?Q?=C3=84/b?=\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\nx\n--i--"
    found = parse_mail(multipart(text("see"), inner))
    assert [each.name for each in found.attachments] == ["Ä_b.eml"]
    assert found.text == "see"
    assert b"--i--" in found.attachments[0].content


def test_an_empty_file_is_listed() -> None:
    assert attached("Content-Type: application/pdf; name=a.pdf", "").size == 0


@pytest.mark.parametrize(
    "body", ["Content-Type: a/b; name=a.bin\n\nthe file", "Content-Type: text/plain; name=a.txt\n\nthe file"]
)
def test_of_apples_forks_the_file_is_shown(body: str) -> None:
    forks = f"Content-Type: multipart/appledouble; boundary=i\n\n--i\nContent-Type: application/applefile; name=a\n\nfork\n--i\n{body}\n--i--"
    found = parse_mail(multipart(text("see"), forks))
    assert found.text == "see"
    assert [(each.content, each.hidden) for each in found.attachments] == [(b"fork", True), (b"the file", False)]
