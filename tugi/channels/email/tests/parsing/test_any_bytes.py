"""Whatever comes, a mail comes out, and it can travel as JSON."""

# ruff: noqa: E501 - mails and tables are kept on one line
from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tugi.channels.email.parsing import parse_mail
from tugi.channels.email.tests.parsing.mails import arrived, html, multipart, sent, text
from tugi.core.html import clean_html, html_to_text, shown_html
from tugi.core.mail_addresses import format_address, parse_addresses
from tugi.core.tests.test_html_xss import faults

BOUNDED = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
NAMES = st.sampled_from(
    [
        "From",
        "To",
        "Cc",
        "Reply-To",
        "Subject",
        "Date",
        "Message-ID",
        "References",
        "In-Reply-To",
        "Return-Path",
        "Content-Type",
        "Content-Disposition",
        "Content-Transfer-Encoding",
        "Received",
        "Auto-Submitted",
        "Precedence",
        "Delivered-To",
        "X-Failed-Recipients",
    ]
)
FRAGMENTS = st.sampled_from(
    [b"=?utf-8?q?", b"?=", b"<", b">", b"@", b'"', b"(", b")", b";", b",", b":", b"\n ", b"\r\n\t", b"boundary=b", b"multipart/mixed",
     b"text/html", b"charset=", b"gb2312", b"utf-8''", b"*0*=", b"name", b"base64", b"\xff", b"\x00", b"\\", b"=", b"a@b.c", b"%41", b"\xed\xa0\x80"]
)  # fmt: skip
VALUES = st.lists(FRAGMENTS | st.binary(max_size=8), max_size=12).map(b"".join)
SAMPLE = multipart(
    text("Hello\n\nOn 20.11.2026 10:15, Ann <a@b.c> wrote:\n> old\n"),
    html("<p>Hello</p><div class=gmail_quote><blockquote type=cite>old</blockquote></div>"),
    "Content-Type: image/gif; name*0*=utf-8''a; name*1=b.gif\nContent-Transfer-Encoding: base64\n\nR0lGODlh",
    kind="alternative",
    From="=?utf-8?B?0JDQvdC90LA=?= <a@b.c>",
)


def check(raw: bytes) -> None:
    found = parse_mail(raw)
    assert not [problem for problem in found.problems if "failed" in problem]
    assert arrived(found) == found
    sent(found).encode("utf-8")
    assert faults(found.reply_html) == []
    assert faults(found.quoted_html) == []


@BOUNDED
@given(st.binary(max_size=2_000))
def test_random_bytes_are_a_mail(raw: bytes) -> None:
    check(raw)


@BOUNDED
@given(st.lists(st.tuples(NAMES, VALUES), max_size=8), st.binary(max_size=200))
def test_random_headers_are_a_mail(fields: list[tuple[str, bytes]], body: bytes) -> None:
    check(b"".join(name.encode() + b": " + value + b"\n" for name, value in fields) + b"\n" + body)


@BOUNDED
@given(
    st.lists(st.tuples(st.integers(0, len(SAMPLE)), st.integers(0, 20), FRAGMENTS | st.binary(max_size=4)), max_size=6)
)
def test_a_mutated_mail_is_a_mail(changes: list[tuple[int, int, bytes]]) -> None:
    raw = SAMPLE
    for at, length, new in changes:
        raw = raw[:at] + new + raw[at + length :]
    check(raw)


@BOUNDED
@given(st.text(max_size=500))
def test_random_text_is_html(markup: str) -> None:
    assert faults(clean_html(markup)) == []
    assert faults(shown_html(markup, cid_urls={"a": "https://desk.example/a"})) == []
    html_to_text(markup)


PIECES = [
    "<p>",
    "<a",
    "href=",
    "<img",
    "src=",
    "<svg>",
    "<math>",
    "<style>",
    "<!--",
    "-->",
    "</",
    ">",
    '"',
    "'",
    "javascript:",
    "x",
    "onerror=",
    "<table>",
    "<script>",
    "&",
    "&lt;",
    "<b>",
    "cid:a",
]


@BOUNDED
@given(st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join))
def test_random_markup_is_cleaned(markup: str) -> None:
    assert faults(clean_html(markup)) == []


@BOUNDED
@given(st.text(alphabet='ab@.,;:<>()"\\ \n\r\u2028=?é', max_size=60))
def test_random_addresses_break_no_header(value: str) -> None:
    for address in parse_addresses(value):
        assert len(format_address(address).splitlines()) == 1


def test_a_stray_byte_in_an_encoded_name_is_read() -> None:
    raw = SAMPLE.replace(b"utf-8''a", b"\x80'a")
    assert raw != SAMPLE

    check(raw)
