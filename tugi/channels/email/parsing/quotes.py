"""Which part of a mail is new and which is quoted. Nothing is deleted: both parts together are the whole."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tugi.channels.email.parsing.quote_html import has_pictures, pieces, read_document
from tugi.channels.email.parsing.quote_lines import Line, find_fold
from tugi.core.html import clean_html, html_to_text, text_to_html
from tugi.core.html_weight import is_too_heavy

_MARKS = re.compile(r"(?:[ \t]?>)+")
_LOOK = 200_000
_LINES = 10_000
_LONGEST_HEAVY = 100_000
_WRAPPED_AT = 60


@dataclass(frozen=True)
class Cut:
    """The two parts of a body. An empty `quoted` means that nothing is folded."""

    reply: str
    quoted: str


def cut_text(text: str) -> Cut:
    """The new and the quoted part of a plain text. A signature is folded with what follows it."""
    raw = text[:_LOOK].split("\n")[:_LINES]
    fold = find_fold(as_lines(raw))
    if fold is None:
        return Cut(text, "")
    beyond = text[len("\n".join(raw)) :]
    start, end = fold
    before, inside, after = raw[:start], raw[start:end], raw[end:]
    quoted = "\n".join(inside) + (beyond if not after else "")
    reply = "\n".join([*before, *after]) + (beyond if after else "")
    return Cut(reply.strip("\n").rstrip(), quoted.strip("\n").rstrip())


def cut_html(html: str) -> Cut:
    """The new and the quoted part of an HTML, both cleaned."""
    if is_too_heavy(html):
        words = cut_text(html_to_text(html)[:_LONGEST_HEAVY])
        return Cut(clean_html(text_to_html(words.reply)), clean_html(text_to_html(words.quoted)))
    document = read_document(html)
    fold = find_fold(document.lines[:_LINES]) if document else None
    if document is None or fold is None:
        return Cut(clean_html(html), "")
    start, end = fold
    if end == _LINES:
        end = len(document.lines)
    reply, quoted = (clean_html(piece) for piece in pieces(document, start, end))
    if not html_to_text(reply).strip() and not has_pictures(reply):
        return Cut(clean_html(html), "")
    return Cut(reply, quoted)


def as_lines(raw: list[str]) -> list[Line]:
    """Lines of plain text without their marks of quotation."""
    lines = [_line(text) for text in raw]
    for at in range(1, len(lines) - 1):
        if _is_torn(lines[at - 1], lines[at], lines[at + 1]):
            lines[at] = Line(lines[at].text, lines[at - 1].depth)
    return lines


def _line(text: str) -> Line:
    match = _MARKS.match(text)
    if not match or text.startswith(">From "):
        return Line(text)
    return Line(text[match.end() :], match[0].count(">"))


def _is_torn(before: Line, line: Line, after: Line) -> bool:
    """The end of a quoted line that a mailer wrapped without a mark: short, small letters, in the middle of a quote."""
    if line.depth or not before.depth or before.depth != after.depth or after.is_blank:
        return False
    return len(before.text) >= _WRAPPED_AT and 0 < len(line.text) <= 40 and not line.text[:1].isupper()
