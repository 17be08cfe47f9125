"""What of a mail is another mail, passed on: who wrote it, about what, and its words. Not what an answer quotes.

An attached mail says it best. Otherwise the block under a line such as "Forwarded message" does, or a block of header
lines that many programs write above forwards and answers alike: there the subject and the people decide.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from tugi.channels.email.parsing import forward_words, quote_words
from tugi.channels.email.parsing.bodies import read_content, whole_text
from tugi.channels.email.parsing.limits import Limits
from tugi.channels.email.parsing.mail import Forwarded
from tugi.channels.email.parsing.mime import Part, parse_tree
from tugi.channels.email.parsing.people import author
from tugi.channels.email.parsing.quote_lines import Line, introduction_at, is_header_block, is_separator, label
from tugi.channels.email.parsing.quotes import as_lines
from tugi.channels.email.parsing.transfer import decoded
from tugi.core.mail_addresses import Address, parse_address
from tugi.core.subjects import is_reply_or_forward
from tugi.core.text import shorten, single_line

_LOOK = 200_000
_LINES = 5_000
_BLOCK = 30
_BLANKS = 3
_MAIL_TO = re.compile(r"[<\[(]\s{0,2}mailto:\s{0,2}([^\s<>\[\]()]{3,320})\s{0,2}[>\])]", re.IGNORECASE)
_SQUARE = re.compile(r"\[([^\s<>\[\]()]{1,64}@[^\s<>\[\]()]{1,255})\]")
_DOUBLED = re.compile(r"<([^\s<>]{3,320})\s{0,2}<[^<>]{0,400}>\s{0,2}>")


@dataclass(frozen=True)
class _Found:
    """Where the passed-on mail begins, who wrote it and about what. `is_sure`: the mail says that it is passed on."""

    at: int
    from_: Address | None = None
    subject: str = ""
    is_sure: bool = False
    is_norse: bool = False


def read_forwarded(
    root: Part, text: str, subject: str, recipients: Collection[Address], limits: Limits
) -> Forwarded | None:
    """The mail that this mail passes on, or None. `recipients` are those of this mail.

    Do not ask for reports of mail systems: what they enclose was not passed on by anybody.
    """
    attached = next((part for part in root.walk() if is_message(part)), None)
    if attached is not None and root.type != "multipart/digest":
        return _attached(attached, limits)
    return forwarded_in(text, subject, recipients)


def forwarded_in(text: str, subject: str, recipients: Collection[Address] = ()) -> Forwarded | None:
    """The mail that the text passes on under a forward line or a header block, or None."""
    lines = as_lines(text[:_LOOK].split("\n")[:_LINES])
    found = _find(lines)
    if found is None or not _is_passed_on(found, subject, recipients):
        return None
    from_ = found.from_ or Address("", "")
    body = _body(lines[found.at :])
    return Forwarded(from_.addr if from_.is_valid else "", from_.name, found.subject, body)


def is_message(part: Part) -> bool:
    """Is the part a mail within the mail, whatever its sender called it?"""
    if part.is_multipart:
        return False
    if part.type in ("message/rfc822", "message/global"):
        return True
    names = (part.params.get("name", ""), part.headers.plain("content-disposition").strip("\"' "))
    is_file = part.type in ("application/octet-stream", "application/x-message", "application/eml")
    return is_file and any(name.lower().endswith(".eml") for name in names)


def _attached(part: Part, limits: Limits) -> Forwarded:
    root, _problems = parse_tree(decoded(part), limits)
    written_by, _odd = author(root.headers, limits)
    from_ = written_by or Address("", "")
    text = whole_text(read_content(root, limits), limits)
    subject = shorten(root.headers.text("subject"), limits.subject)
    return Forwarded(from_.addr if from_.is_valid else "", from_.name, subject, text.strip())


def _find(lines: list[Line]) -> _Found | None:
    """The first thing in the text that may be a passed-on mail; what an answer quotes ends the search."""
    for at, line in enumerate(lines):
        if line.is_blank:
            continue
        if not line.depth and forward_words.MARK.match(line.text[:400]):
            return _under_mark(lines, at)
        if is_header_block(lines, at) or is_separator(lines, at):
            start = at if label(line.text) else _next_with_words(lines, at + 1)
            return _block(lines, start)
        if introduction_at(lines, at) is not None:
            return _Found(at + 1, _address_in(_introduction(lines, at)))
        if line.depth:
            return None
    return None


def _under_mark(lines: list[Line], at: int) -> _Found:
    """The block below the line; without one the line itself, or the one below, may name the author."""
    start = _next_with_words(lines, at + 1)
    sure = _block(lines, start, is_sure=True)
    if sure.from_ is not None:
        return sure
    named = _address_in(lines[at].text)
    below = introduction_at(lines, start) if start < len(lines) else None
    if named is None and start < len(lines):
        end = start if below is not None else min(start + 1, len(lines) - 1)
        named = _address_in(" ".join(line.text for line in lines[start : end + 1]))
        return _Found(end + 1 if named and below is not None else start, named, sure.subject, is_sure=True)
    return _Found(start, named, sure.subject, is_sure=True)


def _block(lines: list[Line], start: int, *, is_sure: bool = False) -> _Found:
    """Reads lines of labels and values, wrapped or not, up to the blank line below them."""
    values: dict[str, list[str]] = {}
    at, kind = start, ""
    while at < min(len(lines), start + _BLOCK):
        line = lines[at]
        found = "" if line.is_blank else label(line.text)
        if found:
            kind = found
            values.setdefault(kind, []).append(re.split("[:：]", line.text, maxsplit=1)[1])
        elif line.is_blank and values and not _goes_on(lines, at, values):
            break
        elif not line.is_blank:
            if not kind or not _belongs_to(values[kind], lines, at, kind):
                break
            values[kind].append(line.text)
        at += 1
    title = single_line(" ".join(values.get("subject", []))).strip("* ")
    is_norse = any(forward_words.NORSE_LABEL.match(line.text[:40]) for line in lines[start:at])
    return _Found(at if values else start, _address_in(" ".join(values.get("from", []))), title, is_sure, is_norse)


def _belongs_to(value: list[str], lines: list[Line], at: int, kind: str) -> bool:
    """Is this line the value of the label above it, or the rest of that value?"""
    is_first = not value[-1].strip() and len(lines[at].text) < 120
    return is_first or _is_wrapped(lines, at, kind)


def _goes_on(lines: list[Line], at: int, values: dict[str, list[str]]) -> bool:
    """A blank line within the block: more labels follow that were not seen yet, as when each is a paragraph."""
    after = _next_with_words(lines, at)
    if after >= len(lines) or after - at > _BLANKS:
        return False
    kind = label(lines[after].text)
    if kind and kind not in values and kind != "from":
        return True
    last = next(reversed(values))
    return not "".join(values[last]).strip() and last in ("from", "sent", "to")


def _is_wrapped(lines: list[Line], at: int, kind: str) -> bool:
    """Is this line the rest of the value above? Then another label, or the blank line, stands below."""
    if kind in ("to", "copy", "from") and ("@" in lines[at].text or lines[at].text[:1] in (" ", "\t")):
        return True
    after = at + 1
    return after < len(lines) and (bool(label(lines[after].text)) or (kind == "subject" and lines[after].is_blank))


def _introduction(lines: list[Line], at: int) -> str:
    first = introduction_at(lines, at)
    return " ".join(line.text for line in lines[at if first is None else first : at + 1])


def _address_in(text: str) -> Address | None:
    """The name and address of a value, however a program wrote it: `A [mailto:a@b]`, `A <a@b <mailto:a@b>>`, `A`."""
    text = single_line(text[:2_000]).strip("*_ ")
    text = _MAIL_TO.sub(r"<\1>", text)
    text = _SQUARE.sub(r"<\1>", _DOUBLED.sub(r"<\1>", text))
    if "@" not in text:
        return Address(text.strip("\"'“”„ "), "") if text and len(text) <= 120 else None
    known = quote_words.BRACKETED_ADDRESS.search(text)
    if known and text.rstrip().endswith((":", "：")):
        return _of_introduction(text, known)
    found = parse_address(text)
    return Address(found.name.strip("*\"'“”„ "), found.addr.strip("*")) if found else None


def _of_introduction(text: str, known: re.Match[str]) -> Address | None:
    """Of "On Monday, 1 June, Ann <a@b> wrote:" the address is sure, and the name what stands before it."""
    before = re.split(r"[,，]|\d\d:\d\d(?::\d\d)?", text[: known.start()])[-1]
    found = parse_address(f"<{known[0].lstrip('<[(＜')}>")
    name = before.strip("\"'“”„ ")
    return Address("" if any(letter.isdigit() for letter in name) else name, found.addr) if found else None


def _is_passed_on(found: _Found, subject: str, recipients: Collection[Address]) -> bool:
    if found.is_sure or forward_words.SUBJECT.match(subject):
        return True
    if forward_words.NORSE_SUBJECT.match(subject):
        return found.is_norse
    if is_reply_or_forward(subject) or found.from_ is None or not found.from_.is_valid or not found.subject:
        return False
    return found.from_.key not in {each.key for each in recipients}


def _body(lines: list[Line]) -> str:
    """The words of the passed-on mail, with the marks off that stand before all of them."""
    end = next((at for at, line in enumerate(lines) if forward_words.END.match(line.text[:200])), len(lines))
    kept = lines[:end]
    shallow = min((line.depth for line in kept if not line.is_blank), default=0)
    return "\n".join(_unmarked(line, shallow) for line in kept).strip("\n").rstrip()


def _unmarked(line: Line, shallow: int) -> str:
    if line.depth > shallow:
        return ">" * (line.depth - shallow) + line.text
    return line.text.removeprefix(" ") if line.depth else line.text


def _next_with_words(lines: list[Line], at: int) -> int:
    while at < len(lines) and lines[at].is_blank:
        at += 1
    return at
