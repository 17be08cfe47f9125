"""Where in the lines of a mail the quotation lies. One judgement for plain text and HTML, whose lines are made alike.

To fold too little is better than to fold too much: answers between quotations are left alone, and so is a mail that is
nothing but a quotation.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from tugi.channels.email.parsing import forward_words
from tugi.channels.email.parsing import quote_words as words

_LONGEST_INTRODUCTION = 500
_HEADER_BLOCK = 10
_SIGNATURE_LINES = 12
_RUN_WITHOUT_INTRODUCTION = 3


@dataclass(frozen=True)
class Line:
    """A line without its quotation marks. `depth` counts them; `rest` says that a client marked all from here on as
    quoted, `opens` that it marked here an element which holds a quotation (and perhaps answers in it)."""

    text: str
    depth: int = 0
    rest: bool = False
    opens: bool = False
    picture: bool = False
    signature: bool = False
    """Here begins what a client marked as a signature."""

    @property
    def is_blank(self) -> bool:
        return not self.text.strip(" \t\xa0\u200b\u200c\ufeff\xad>*")


def find_fold(lines: list[Line]) -> tuple[int, int] | None:
    """First and last-but-one line to fold, or None. Both may leave text on either side (answers below a quotation)."""
    if not lines:
        return None
    fold = _find_quotation(lines)
    start, end = fold or (len(lines), len(lines))
    start = _with_signature(lines, start)
    rest = lines[:start] + lines[end:]
    if start == end or not (_has_words(rest) or any(line.picture for line in lines[:start])):
        return None
    return start, end


def _find_quotation(lines: list[Line]) -> tuple[int, int] | None:
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.rest or is_separator(lines, at) or is_header_block(lines, at):
            return _back_over_rules(lines, at), len(lines)
        if line.depth:
            return _judge_run(lines, at, at, introduced=_starts_introduced(lines, at), marked=line.opens)
        if line.opens:
            return _judge_opened(lines, at)
        if (begin := introduction_at(lines, at)) is not None:
            after = _next_with_words(lines, at + 1)
            if after < len(lines) and lines[after].depth:
                return _judge_run(lines, begin, after, introduced=True)
            if _is_sure_introduction(_joined(lines, begin, at)):
                return begin, len(lines)
        if is_inline_introduction(line.text) or _is_notes_head(lines, at):
            return _back_over_people(lines, at), len(lines)
        at += 1
    return None


def is_inline_introduction(text: str) -> bool:
    """Does the line introduce a quotation that begins on the same line (Yahoo on telephones)?"""
    found = words.INLINE.match(text[:400]) if ":  " in text else None
    return found is not None and words.OPENER.match(text) is not None and is_introduction(found[1])


def _is_notes_head(lines: list[Line], at: int) -> bool:
    """Notes writes "To" and "Subject" on lines of their own, the values below them."""
    if len(lines[at].text) > 20 or not words.BARE_TO.match(lines[at].text):
        return False
    return any(words.BARE_SUBJECT.match(line.text[:20]) for line in lines[at + 1 : at + 12])


def _back_over_people(lines: list[Line], at: int) -> int:
    """Who wrote, and when, stand above Notes' "To"."""
    if not words.BARE_TO.match(lines[at].text):
        return at
    for before in range(at - 1, max(at - 9, -1), -1):
        if words.ANY_ADDRESS.search(lines[before].text[:300]) or words.DATE.search(lines[before].text[:300]):
            at = before
    return at


def _judge_opened(lines: list[Line], at: int) -> tuple[int, int] | None:
    """A client's element: with quoted lines in it as any run, without them all of the rest."""
    first = next((number for number in range(at, len(lines)) if lines[number].depth), None)
    if first is None:
        return at, len(lines)
    words_between = sum(not line.is_blank for line in lines[at:first])
    return _judge_run(lines, at, first, introduced=True) if words_between <= _HEADER_BLOCK else None


def _starts_introduced(lines: list[Line], at: int) -> bool:
    """Some programs put "On … wrote:" inside the quotation, wrapped over a few lines."""
    return any(is_introduction(_joined(lines, at, last)) for last in range(at, min(at + 4, len(lines))))


def _judge_run(
    lines: list[Line], begin: int, at: int, *, introduced: bool, marked: bool = False
) -> tuple[int, int] | None:
    """A run of quoted lines: is it the end, has it an answer below, or answers in between? `marked` by a program, it
    needs no introduction to be folded at the end."""
    end = _run_end(lines, at)
    after = _next_with_words(lines, end)
    if after == len(lines) or _only_footer(lines, after):
        return (begin, len(lines)) if introduced or marked or _is_long_enough(lines[at:end]) else None
    if any(line.depth for line in lines[after:]):
        return None
    first_of_all = not _has_words(lines[:begin]) and min(line.depth for line in lines[at:end] if line.depth) < 3
    return (begin, end) if introduced or first_of_all else None


def _is_long_enough(run: list[Line]) -> bool:
    """Without an introduction a line or two may be a prompt or a log; so may lines that all begin with three marks."""
    quoted = [line for line in run if line.depth]
    return len(quoted) >= _RUN_WITHOUT_INTRODUCTION and min(line.depth for line in quoted) < 3


def _run_end(lines: list[Line], at: int) -> int:
    """Behind the last quoted line of the run; blank lines do not end it."""
    end = at
    while at < len(lines) and (lines[at].depth or lines[at].is_blank):
        at += 1
        end = at if lines[at - 1].depth else end
    return end


def introduction_at(lines: list[Line], at: int) -> int | None:
    """The first line of the introduction ("On … wrote:") that ends with this line, or None."""
    text = lines[at].text
    if len(text) > _LONGEST_INTRODUCTION:
        return None
    if not words.ENDS_IN_COLON.search(text):
        return at if _is_quoted_soon(lines, at) and _names_date_and_address(text) else None
    for first in range(at, max(at - 4, -1), -1):
        if (
            lines[first].is_blank
            or lines[first].depth
            or (first < at and words.ENDS_IN_COLON.search(lines[first].text))
        ):
            break
        if is_introduction(joined := _joined(lines, first, at)):
            return _back_to_opener(lines, first, joined)
    after = _next_with_words(lines, at + 1)
    quoted_below = after < len(lines) and lines[after].depth
    return at if quoted_below and _is_weak(text) else None


def _is_quoted_soon(lines: list[Line], at: int) -> bool:
    """Do quoted lines follow, with a blank line between at most?"""
    below = lines[at + 1 : at + 3]
    return bool(below) and (below[0].depth > 0 or (below[0].is_blank and below[-1].depth > 0))


def is_introduction(text: str) -> bool:
    """Does the text introduce a quotation: date, address, a verb like "wrote", a colon at its end?"""
    if len(text) > _LONGEST_INTRODUCTION or not words.ENDS_IN_COLON.search(text) or words.FIRST_PERSON.search(text):
        return False
    has_date = words.DATE.search(text) is not None
    has_verb = words.VERB.search(text) is not None
    if has_date and words.BRACKETED_ADDRESS.search(text):
        return True
    return has_verb and (has_date or words.ANY_ADDRESS.search(text) is not None)


def _is_somebody_wrote(text: str) -> bool:
    return len(text) <= 80 and words.VERB.search(text) is not None and not words.FIRST_PERSON.search(text)


def _is_sure_introduction(text: str) -> bool:
    """Enough although nothing below is marked as quoted: a verb is known, or the address stands before the colon."""
    return is_introduction(text) and (
        words.VERB.search(text) is not None or words.ADDRESS_AT_END.search(text) is not None
    )


def _names_date_and_address(text: str) -> bool:
    """`02.11.2026, 10:00, Ann <ann@example.com>` and no more, or a forgotten colon: enough above quoted lines."""
    if words.OPENER.match(text) and len(text) <= 120 and is_introduction(text.rstrip() + ":"):
        return True
    if len(text) > 200 or words.DATE.search(text) is None or words.BRACKETED_ADDRESS.search(text) is None:
        return False
    return text.rstrip(" *_").endswith(">") or is_introduction(text.rstrip() + ":")


def _is_weak(text: str) -> bool:
    """A colon, and a verb or an address: enough if quoted lines follow at once."""
    known = words.VERB.search(text) or words.BRACKETED_ADDRESS.search(text) or words.DATE.search(text)
    return len(text) <= 200 and known is not None


def _back_to_opener(lines: list[Line], first: int, text: str) -> int:
    """Wrapped introductions: their beginning stands on a line of its own."""
    for before in range(first - 1, max(first - 4, -1), -1):
        line = lines[before].text
        if lines[before].is_blank or lines[before].depth or len(line) > 200 or words.ENDS_IN_COLON.search(line):
            break
        torn_address = text.count(">") > text.count("<") and "<" in line
        dated = words.DATE.search(line) is not None and (
            words.OPENER.match(line) is not None or _starts_paragraph(lines, before)
        )
        if not torn_address and (not dated or words.OPENER.match(text) or words.DATE.search(text)):
            break
        first, text = before, f"{line} {text}"
    return first


def _starts_paragraph(lines: list[Line], at: int) -> bool:
    return at == 0 or lines[at - 1].is_blank


def _joined(lines: list[Line], first: int, last: int) -> str:
    return " ".join(line.text.strip() for line in lines[first : last + 1])


def is_separator(lines: list[Line], at: int) -> bool:
    """Is this a line like "-----Original Message-----", above which alone is new?"""
    text = lines[at].text
    if len(text) > 300:
        return False
    if words.OWN_SEPARATOR.match(text) or words.SEPARATOR.match(text) or forward_words.MARK.match(text):
        return True
    if lines[at].depth >= 3 and words.CHEVRONS.match(text):
        return True
    dashed = words.DASHED.match(text)
    if dashed and (is_introduction(said := dashed[1].rstrip(": ") + ":") or _is_somebody_wrote(said)):
        return True
    if not words.ANY_SEPARATOR.match(text):
        return False
    after = _next_with_words(lines, at + 1)
    return after < len(lines) and words.LABEL.match(lines[after].text[:200]) is not None


def is_header_block(lines: list[Line], at: int) -> bool:
    """Lines like "From: … Sent: … To: … Subject: …" in any language, at least three kinds of them, the sender's among
    them; as one paragraph or with blank lines between."""
    first = label(lines[at].text)
    if not first or first == "copy":
        return False
    kinds: set[str] = set()
    has_address = False
    between = 0
    for line in lines[at : at + _HEADER_BLOCK * 2]:
        kind = label(line.text)
        between = 0 if kind else between + (not line.is_blank)
        if between > 2:
            break
        kinds |= {kind} - {""}
        has_address = has_address or (kind in ("from", "to") and "@" in line.text)
    if first not in ("from", "sent"):
        # Hotmail begins with the subject; so does many a form that people fill in.
        return has_address and {"from", "sent", "subject"} <= kinds
    enough = has_address and bool({"sent", "subject"} & kinds)
    return len(kinds) >= 3 and "from" in kinds and (enough or {"sent", "subject"} <= kinds)


def label(text: str) -> str:
    """Which header field a line names in the language of some mail program: from, sent, to, copy, subject; or empty."""
    head = text[:80]
    return _label(head) if ":" in head or "：" in head else ""


@lru_cache(maxsize=2048)
def _label(head: str) -> str:
    """Kept, because a block is looked at from each of its lines."""
    match = words.LABEL.match(head)
    return (match.lastgroup or "") if match else ""


def _back_over_rules(lines: list[Line], at: int) -> int:
    """Rules of dashes and "Original Message" above a header block belong to it."""
    for before in range(at - 1, max(at - 5, -1), -1):
        text = lines[before].text
        if words.RULE.match(text) or is_separator(lines, before) or words.BARE_SEPARATOR.match(text[:80]):
            at = before
        elif not lines[before].is_blank:
            break
    return at


def _with_signature(lines: list[Line], end: int) -> int:
    """Where folding starts if the signature above is folded too."""
    last = _last_with_words(lines, end)
    looked = range(last, max(last - _SIGNATURE_LINES - 1, -1), -1)
    for at in looked:
        if lines[at].signature and not lines[at].depth and _has_words(lines[:at]):
            return at
        if words.SIGNATURE.match(lines[at].text) and not lines[at].depth and _has_words(lines[:at]):
            return at
        if words.RULE.match(lines[at].text) and _names_contact(lines[at + 1 : end]) and _has_words(lines[:at]):
            return at
    if last > 0 and words.SENT_FROM.match(lines[last].text[:120]) and _has_words(lines[:last]):
        before = _last_with_words(lines, last)
        ruled = words.RULE.match(lines[last - 1].text) is not None
        return before + 1 if not ruled else last - 1
    return end


def _names_contact(lines: list[Line]) -> bool:
    shown = [line for line in lines if not line.is_blank]
    return (
        bool(shown)
        and max(len(line.text) for line in shown) <= 100
        and any(words.CONTACT.search(line.text[:200]) for line in shown)
    )


def _only_footer(lines: list[Line], at: int) -> bool:
    """Is what follows the quotation only a signature, or what a list or a program adds?"""
    rest = [line for line in lines[at:] if not line.is_blank]
    text = rest[0].text if rest else ""
    started = words.SIGNATURE.match(text) or words.RULE.match(text) or words.SENT_FROM.match(text[:120])
    return len(rest) <= _SIGNATURE_LINES and started is not None


def _has_words(lines: list[Line]) -> bool:
    return any(not line.is_blank and not words.RULE.match(line.text) for line in lines)


def _next_with_words(lines: list[Line], at: int) -> int:
    while at < len(lines) and lines[at].is_blank:
        at += 1
    return at


def _last_with_words(lines: list[Line], end: int) -> int:
    at = end - 1
    while at > 0 and lines[at].is_blank:
        at -= 1
    return max(at, 0)
