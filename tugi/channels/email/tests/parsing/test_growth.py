"""Threat B7.2: each function that looks at a mail takes twice the time for twice the input, whatever it is made of.

What costs next to nothing for eight thousand characters is not quadratic; only what takes longer is measured twice.
"""

# ruff: noqa: E501 - tables are kept side by side
from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tugi.channels.email.parsing.charsets import decode
from tugi.channels.email.parsing.dates import written_at
from tugi.channels.email.parsing.forwards import forwarded_in
from tugi.channels.email.parsing.head import read_head
from tugi.channels.email.parsing.headers import Headers, decode_text
from tugi.channels.email.parsing.identifiers import message_ids
from tugi.channels.email.parsing.limits import Limits
from tugi.channels.email.parsing.machines import read_signs
from tugi.channels.email.parsing.mime import Part, parse_tree
from tugi.channels.email.parsing.parameters import content_type
from tugi.channels.email.parsing.people import addresses
from tugi.channels.email.parsing.quotes import cut_html, cut_text
from tugi.channels.email.parsing.transfer import from_base64, from_quoted_printable, from_uuencode
from tugi.core import clock
from tugi.core.html import clean_html, html_to_text, text_to_html
from tugi.core.mail_addresses import Address, format_address, parse_addresses
from tugi.core.subjects import strip_prefixes, strip_token, subject_tokens
from tugi.core.text import normalise, snippet
from tugi.core.written_language import written_language

GROWTH = 2.6
SIZE = 8_000
QUICK = 0.02
ATTEMPTS = 4

PIECES = [
    "<", ">", "[", "(", "(\\", '"', '\\"', "@", "a@", "a.", "a@b.c ", "<a@b.c> ", "<a@b.c>, ", ": ", ":\n", "=?", "=?utf-8?q?a?= ", "=?utf-8?q?",
    "?=", "= ", "=\n", ";a=b", ';a="', ";a*0*=b", "-", "_____\n", "--\n", "-- \n", "\n", " ", "\xa0", "\t", "> \n", ">>> x\n", "x:\n> y\n", "1", "1.",
    "1:1", "On 1.1.2026, a ", "On 1.1.2026 a@b.c wrote:\n", "a wrote:\n", "wrote ", "From: a@b.c\n", "From:\nSent:\n", "To\n", "Re: ", "[#1] ", "[#",
    "-----x-----\n", "---- On a@b.c wrote ----\n", "---------- Forwarded message ---------\n", "Begin forwarded message:\n", "Sent from my ", "AB> x\n",
    ">>> a 1 >>>\n", "out of office ", "is out of the office ", "550 5.1.1 a@b.c ", "Message-ID: ", "--- original ---\n", "<div>", "<blockquote>",
    "<div class=gmail_quote>", "<a href=", "<!--", "&", "&amp;", "<p>x", "<br>", "<img src=cid:a>", "http://a", "begin 644 a\n", "QQ==\n", "\u0301", "\x1b$B",
]  # fmt: skip
ENTRIES: dict[str, Callable[[str], object]] = {
    "addresses": lambda text: addresses(Headers([("to", _bytes(text))]), "to", Limits()),
    "address list": parse_addresses,
    "address for a header": lambda text: format_address(Address(f"ä{text}", "a@b.c")),
    "bounce and machine": lambda text: read_signs(Part(b"x"), "mailer-daemon@x", "failure", text, ""),
    "machine by subject": lambda text: read_signs(Part(b"x"), "a@x", text, "", None),
    "charset": lambda text: decode(_bytes(text), "x-unknown"),
    "content type": lambda text: content_type(Headers([("content-type", b"a/b" + _bytes(text))]), "text/plain"),
    "date": lambda text: written_at(Headers([("date", _bytes(text))]), clock.now()),
    "forward": lambda text: forwarded_in(text, "Fwd: x"),
    "head": lambda text: read_head(_bytes(text)),
    "encoded words": decode_text,
    "ids": lambda text: message_ids(Headers([("references", _bytes(text))]), "references"),
    "parts": lambda text: parse_tree(b"Content-Type: multipart/mixed; boundary=b\n\n" + _bytes(text), Limits()),
    "quotation in text": cut_text,
    "quotation in html": cut_html,
    "base64": lambda text: from_base64(_bytes(text)),
    "quoted-printable": lambda text: from_quoted_printable(_bytes(text)),
    "uuencode": lambda text: from_uuencode(_bytes(text)),
    "sanitiser": clean_html,
    "html to text": html_to_text,
    "text to html": text_to_html,
    "subject": lambda text: (strip_prefixes(text), strip_token(text), subject_tokens(text)),
    "text": lambda text: (normalise(text), snippet(text)),
    "language": written_language,
}


def _bytes(text: str) -> bytes:
    return text.encode("utf-8")


def cost(entry: Callable[[str], object], text: str, times: int) -> float:
    """The least CPU time of several runs: what disturbs a run can only make it longer."""
    best = float("inf")
    for _ in range(times):
        started = time.process_time()
        entry(text)
        best = min(best, time.process_time() - started)
    return best


def grows_too_fast(entry: Callable[[str], object], piece: str) -> bool:
    half, whole = (piece * (size // len(piece)) for size in (SIZE, 2 * SIZE))
    if cost(entry, half, 1) < QUICK:
        return False
    return all(cost(entry, whole, attempt) > GROWTH * cost(entry, half, attempt) for attempt in range(1, ATTEMPTS))


@pytest.mark.parametrize("name", ENTRIES)
def test_twice_as_much_takes_twice_as_long(name: str) -> None:
    written_language("Let the model be loaded before anything is measured.")
    assert [piece for piece in PIECES if grows_too_fast(ENTRIES[name], piece)] == []
