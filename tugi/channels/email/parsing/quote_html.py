"""An HTML body as lines, and its division at a line. The tree is numbered in slots: one for what stands at the start of
an element (itself and its first text), one for what follows its end; a range of slots is a piece of the document."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from tugi.channels.email.parsing.quote_lines import Line
from tugi.core.html_text import tokens

_BREAKS = frozenset(
    [
        "p",
        "div",
        "br",
        "li",
        "tr",
        "table",
        "ul",
        "ol",
        "blockquote",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "pre",
        "dl",
        "dt",
        "dd",
        "section",
        "article",
        "header",
        "footer",
        "center",
        "td",
        "th",
        "form",
        "body",
    ]
)
_SILENT = frozenset(
    ("script", "style", "title", "head", "template", "noscript", "textarea", "svg", "math", "object", "iframe")
)
_REST = re.compile(
    r"^(?:appendonsend|divrplyfwdmsg|olk_src_body_section|mail-editor-reference-message-container|ms-outlook-mobile-body-separator-line|"
    r"outlookmessageheader|replyheader|appleoriginalcontents|isforwardcontent|isreplycontent|ymail_android_quote|reply-intro|"
    r"moz-forward-container|gmail_forward|tutanota_quote_header|ntes-mailmaster-quote|xm_mail_oringinal_describe|aolreplacedbody|"
    r"cm_replymail_content_wrapper|__divider__|__quoted_text__|originalmessage|mailoriginal|bloop_original_html|zwchr)$"
)
_QUOTE = re.compile(
    r"^(?:gmail_quote|gmail_quote_container|yahoo_quoted|yahoo-quoted.*|protonmail_quote|tutanota_quote|zmail_extra|quotedtext|"
    r"moz-email-headers-quote|mail-app-auto-quote|mail-quote-collapse|cite|quote|quoted|mail_quote|email-quote|iwc-quote|"
    r"skiff-quote|hey-quote|front-blockquote|roundcube-quote|email_quote|(?:ydp[0-9a-f]+)?yahoo_quoted(?:_\d+)?|missive_quote|spark_quote|"
    r"messagereplysection|sh-quoted-content|front-blockquote-container|blockquote_zmail|quoted-content|qt|clean_bq|mimestream_quote|"
    r"ymail_android_quote|mailmasterquote|edo-quote|wcquote|x-quote|replyquote)$"
)
_INTRODUCTION = re.compile(
    r"^(?:gmail_attr|moz-cite-prefix|yahoo_quoted_header|protonmail_attribution|gmail_quote_attribution|airmail_on|__headers__)$"
)
_SIGNATURE = re.compile(
    r"^(?:gmail_signature|gmail_signature_prefix|ms-outlook-mobile-signature|ymail_android_signature|protonmail_signature_block|"
    r"composer_signature|applemailsignature|apple-mail-signature|moz-signature|signature|sh-signature|front-signature|tutanota-signature|"
    r"mail_signature|edo-signature|spark_signature|bloop_sign_\w{1,40}|mobile-signature)$"
)
_HEADER_BORDER = re.compile(
    r"border:\s?none;\s?border-top:\s?solid #\w{6} 1(?:\.0)?pt;\s?padding:\s?3(?:\.0)?pt 0", re.IGNORECASE
)
"""The box in which Outlook, in any language, puts the header of what is answered."""
_INVISIBLE = " \t\r\n\f\xa0\u200b\u200c\u200d\ufeff\xad\u034f\u2007"
_BORDER = re.compile(r"border-left\s*:(?!\s*(?:none|0))", re.IGNORECASE)


@dataclass
class Document:
    """A parsed body: its lines, and the slot each begins in."""

    tree: etree._Element
    lines: list[Line]
    slots: list[int]
    size: int
    visible: set[int]


def read_document(html: str) -> Document | None:
    """None if there is no tree to be had."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, recover=True)
    try:
        tree = etree.fromstring(html.encode("utf-8", "ignore"), parser)
    except (etree.LxmlError, ValueError):
        return None
    return _Numbering(tree).document() if tree is not None else None


def pieces(document: Document, start: int, end: int) -> tuple[str, str]:
    """The HTML outside the lines from `start` to before `end`, and the HTML inside them."""
    first = _back_over_blanks(document, document.slots[start])
    last = document.slots[end] if end < len(document.lines) else document.size
    return _serialised(document, first, last, inside=False), _serialised(document, first, last, inside=True)


def has_pictures(html: str) -> bool:
    return any(kind == "open" and tag == "img" for kind, tag, _ in tokens(html))


class _Numbering:
    """Walks the tree once, numbers its slots and gathers its lines."""

    def __init__(self, tree: etree._Element) -> None:
        self.tree = tree
        self.visible: set[int] = set()
        self.lines: list[Line] = []
        self.slots: list[int] = []
        self.current: list[str] = []
        self.kinds: list[str] = []
        self.begin = self.slot = 0
        self.depth = self.line_depth = self.silent = 0
        self.rest = self.opens = self.signature = False

    def document(self) -> Document:
        for slot, (event, element) in enumerate(etree.iterwalk(self.tree, events=("start", "end"))):
            self.slot = slot
            if event == "start":
                self._start(element)
            else:
                self._end(element)
        self._break()
        return Document(self.tree, self.lines, self.slots, self.slot + 1, self.visible)

    def _start(self, element: etree._Element) -> None:
        tag, kind = _tag(element), _kind(element)
        self.kinds.append(kind)
        if kind or tag in _BREAKS:
            self._break()
        self.silent += tag in _SILENT
        self.depth += kind == "quote"
        self.rest = self.rest or kind == "rest"
        self.signature = self.signature or kind == "signature"
        self.opens = self.opens or kind == "opens" or (kind == "quote" and _is_marked(element))
        if tag == "img":
            self.visible.add(self.slot)
            if not self.current:
                self._line("", self.slot, self.depth, picture=True)
        self._text(element.text)

    def _end(self, element: etree._Element) -> None:
        tag, kind = _tag(element), self.kinds.pop()
        if kind or tag in _BREAKS:
            self._break()
        self.silent -= tag in _SILENT
        self.depth -= kind == "quote"
        self._text(element.tail)

    def _text(self, text: str | None) -> None:
        if not text or self.silent:
            return
        if not text.strip(_INVISIBLE):
            self.current += [" "] if self.current else []
            return
        if not self.current:
            self.begin, self.line_depth = self.slot, self.depth
        self.visible.add(self.slot)
        self.current.append(text)

    def _break(self) -> None:
        if self.current:
            self._line(" ".join("".join(self.current).split()), self.begin, self.line_depth)
        elif self.rest:
            self._line("", self.slot, self.depth)
        self.current = []

    def _line(self, text: str, slot: int, depth: int, *, picture: bool = False) -> None:
        quoted = len(text) - len(text.lstrip("> "))
        marks = text[:quoted].count(">")
        shown = text[quoted:] if marks else text
        self.lines.append(Line(shown, depth + marks, self.rest, self.opens, picture, self.signature))
        self.slots.append(slot)
        self.rest = self.opens = self.signature = False


def _tag(element: etree._Element) -> str:
    return element.tag.lower() if isinstance(element.tag, str) else ""


def _marks(element: etree._Element) -> Iterator[str]:
    """Class names and id, lower-case, without the x_ that Outlook puts before those of others."""
    names = (element.get("id"), element.get("name"), element.get("data-marker"))
    for name in (*(element.get("class") or "").split()[:20], *filter(None, names)):
        yield re.sub(r"^(?:x_)+", "", name.lower())


def _kind(element: etree._Element) -> str:
    """quote, rest, opens, signature or empty: what a mail program said about the element."""
    is_block_quote = _tag(element) == "blockquote"
    for mark in _marks(element):
        if _REST.match(mark):
            return "rest"
        if _QUOTE.match(mark):
            return "quote" if is_block_quote else "opens"
        if _INTRODUCTION.match(mark):
            return "opens"
        if _SIGNATURE.match(mark):
            return "signature"
    if _tag(element) == "div" and _HEADER_BORDER.search((element.get("style") or "")[:400]):
        return "rest"
    return "quote" if is_block_quote and _is_quote(element) else ""


def _is_marked(element: etree._Element) -> bool:
    return element.get("type") == "cite" or element.get("class") is not None


def _is_quote(element: etree._Element) -> bool:
    if element.get("type") == "cite" or element.get("cite") or _BORDER.search((element.get("style") or "")[:1_000]):
        return True
    return _follows_introduction(element)


def _follows_introduction(element: etree._Element) -> bool:
    """A bare blockquote is an indented paragraph, unless a line that ends in a colon stands before it."""
    before, parent = element.getprevious(), element.getparent()
    shown = (before.tail if before is not None else parent.text if parent is not None else "") or ""
    if before is not None and not shown.strip():
        shown = "".join(str(piece) for piece in islice(before.itertext(), 200))[-300:]
    return shown.rstrip(" \n\t\xa0\u200e\u200f").endswith((":", "："))


def _back_over_blanks(document: Document, slot: int) -> int:
    """Line breaks, rules and opening tags before the first folded word are folded with it."""
    while slot > 0 and slot - 1 not in document.visible:
        slot -= 1
    return slot


def _serialised(document: Document, first: int, last: int, *, inside: bool) -> str:
    """The document without the slots from `first` to before `last`, or only these."""
    tree = copy.deepcopy(document.tree)
    places = _places(tree)
    gone = 0
    for element, start, end in places:
        if start < gone:
            continue
        whole = (end <= first or start >= last) if inside else (start >= first and end <= last)
        if whole and element is not tree:
            gone = end
            _remove(element, keep_tail=(first <= end < last) == inside)
            continue
        if (first <= start < last) != inside:
            element.text = None
        if (first <= end < last) != inside:
            element.tail = None
    return etree.tostring(tree, encoding="unicode", method="html", with_tail=False)


def _places(tree: etree._Element) -> list[tuple[etree._Element, int, int]]:
    """The elements in their order, with their own slot and the slot of the text behind them."""
    order: list[etree._Element] = []
    starts: list[int] = []
    ends: dict[int, int] = {}
    open_: list[int] = []
    for slot, (event, element) in enumerate(etree.iterwalk(tree, events=("start", "end"))):
        if event == "start":
            open_.append(len(order))
            order.append(element)
            starts.append(slot)
        else:
            ends[open_.pop()] = slot
    return [(element, starts[number], ends[number]) for number, element in enumerate(order)]


def _remove(element: etree._Element, *, keep_tail: bool) -> None:
    parent, before = element.getparent(), element.getprevious()
    tail = (element.tail or "") if keep_tail else ""
    if parent is None:
        return
    if tail and before is not None:
        before.tail = (before.tail or "") + tail
    elif tail:
        parent.text = (parent.text or "") + tail
    parent.remove(element)
