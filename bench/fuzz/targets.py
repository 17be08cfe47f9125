"""What is fuzzed: a function of bytes for each, which raises only if a promise is broken."""

from __future__ import annotations

import json
from collections.abc import Callable

from tugi.channels.email.parsing import ParsedMail, parse_mail
from tugi.channels.email.parsing.forwards import forwarded_in
from tugi.channels.email.parsing.headers import Headers
from tugi.channels.email.parsing.identifiers import message_ids, own_id
from tugi.channels.email.parsing.quotes import cut_html, cut_text
from tugi.core.html import clean_html, html_to_text, shown_html
from tugi.core.mail_addresses import format_address, parse_addresses
from tugi.core.subjects import strip_prefixes, strip_token, subject_tokens

Target = Callable[[bytes], None]


def parser(data: bytes) -> None:
    """A mail comes out, no step fails, and it crosses the border between processes unchanged."""
    found = parse_mail(data)
    assert not [problem for problem in found.problems if "failed" in problem], found.problems
    written = json.dumps(found.to_data()).encode("ascii")
    assert ParsedMail.from_data(json.loads(written), [each.content for each in found.attachments]) == found


def cutter(data: bytes) -> None:
    """No word of a text is lost, and something is left to read."""
    text = data.decode("utf-8", "replace")[:20_000]
    cut = cut_text(text)
    assert sorted(f"{cut.reply}\n{cut.quoted}".split()) == sorted(text.split())
    assert cut.reply.strip() or not text.strip()
    forwarded_in(text, "Fwd: x")


def html(data: bytes) -> None:
    """What was cleaned stays as it is when it is cleaned again: nothing hides in it."""
    text = data.decode("utf-8", "replace")[:20_000]
    cut = cut_html(text)
    for piece in (cut.reply, cut.quoted, clean_html(text)):
        assert "<script" not in piece.lower()
        assert clean_html(piece) == clean_html(clean_html(piece))
        shown_html(piece)
        html_to_text(piece)


def threading(data: bytes) -> None:
    """Ids are words, subjects lose their prefixes once, addresses can be written into a header."""
    headers = Headers([("references", data), ("message-id", data)])
    assert all(each == each.strip() and each for each in message_ids(headers, "references"))
    assert own_id(headers, data)[0]
    text = data.decode("utf-8", "replace")
    strip_token(text)
    assert strip_prefixes(strip_prefixes(text)) == strip_prefixes(text)
    assert len(set(subject_tokens(text))) == len(subject_tokens(text))
    for address in parse_addresses(text):
        assert "\n" not in format_address(address)


TARGETS: dict[str, Target] = {"parser": parser, "cutter": cutter, "html": html, "threading": threading}
