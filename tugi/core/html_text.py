"""Between HTML and plain text, both ways, in one pass each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape

_TOKEN = re.compile(r"<!--|<!\[CDATA\[|<[!?]|</?[a-zA-Z]|(?:[^<]++|<(?!/?[a-zA-Z]|[!?]))++")
_EDGE = re.compile(r""">|=\s*+(["'])""")
_ATTRIBUTE = re.compile(r"""([^\s=>"'/]{1,60}+)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"']*+))""")
_SILENT = {
    "script",
    "style",
    "title",
    "textarea",
    "template",
    "noscript",
    "head",
    "svg",
    "math",
    "iframe",
    "object",
}
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "blockquote", "pre"}
_LINES = {"div", "li", "tr", "dt", "dd", "section", "article", "header", "footer", "center", "form", "address",
          "figure", "figcaption",
          "caption", "br", "hr", "body", "html", "main", "aside", "nav", "option", "fieldset"}  # fmt: skip
_CELLS = {"td", "th"}
_MARKUP = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ/!?")
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'`\x00-\x1f]{1,2000}+", re.IGNORECASE)
_MAIL = re.compile(r"(?<![\w.+%-])[A-Za-z0-9][\w.+%-]{0,63}+@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}+)")
_LINK = re.compile(f"(?P<url>(?<!\\w){_URL.pattern})|(?P<mail>{_MAIL.pattern})", re.IGNORECASE)


def html_to_text(html: str) -> str:
    """The readable text: blocks as lines, lists with dashes, quotations with `>`, links whose text hides their address
    followed by it. Never fails; what is no tag is text."""
    return _Writer().write(html)


def text_to_html(text: str) -> str:
    """The text as HTML: escaped, web and mail addresses as links, empty lines part paragraphs, others are <br>."""
    paragraphs = re.split(r"\n[ \t]*+\n\s*", text.strip("\n").replace("\r", ""))
    return "\n".join(f"<p>{_linked(paragraph)}</p>" for paragraph in paragraphs if paragraph.strip())


def _linked(text: str) -> str:
    """Escapes piece by piece, so that no link is ever searched in what is already markup."""
    out: list[str] = []
    at = 0
    for match in _LINK.finditer(text):
        shown = _trimmed(match[0])
        out.append(_escaped(text[at : match.start()]))
        out.append(_anchor(shown, is_mail=match["mail"] is not None))
        at = match.start() + len(shown)
    out.append(_escaped(text[at:]))
    return "".join(out)


def _escaped(text: str) -> str:
    return re.sub("  +", lambda run: "\xa0" * (len(run[0]) - 1) + " ", escape(text)).replace("\n", "<br>\n")


def _anchor(shown: str, *, is_mail: bool) -> str:
    scheme = "mailto:" if is_mail else ("" if shown[:4].lower() == "http" else "https://")
    target = scheme + shown
    return f'<a href="{escape(target)}" rel="noopener noreferrer nofollow">{escape(shown)}</a>'


def _trimmed(url: str) -> str:
    """Without the punctuation of the sentence around it; a closing bracket stays if its partner is inside."""
    while url and url[-1] in ".,;:!?)]}'»”…*":
        opening = {")": "(", "]": "[", "}": "{"}.get(url[-1])
        if opening and url.count(opening) >= url.count(url[-1]):
            break
        url = url[:-1]
    return url


class _Writer:
    """Gathers words of the current line; blocks ask for line breaks, which are written before the next word."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.breaks = 0
        self.blank = False
        self.quotes = self.shallowest = 0
        self.pre = 0
        self.links: list[tuple[str, int]] = []

    def write(self, html: str) -> str:
        for kind, value, attributes in tokens(html):
            if kind == "text":
                self._text(unescape(value))
            elif kind == "open":
                self._open(value, attributes)
            else:
                self._close(value)
        return "".join(self.out).strip("\n").rstrip()

    def _text(self, text: str) -> None:
        if self.pre:
            for number, line in enumerate(text.replace("\r", "").split("\n")):
                self.breaks += number > 0
                self._words(line)
            return
        self._words(_BLANKS.sub(" ", text))

    def _words(self, text: str) -> None:
        core = text if self.pre else text.strip(" ")
        if not core:
            self.blank = self.blank or bool(text)
            return
        if self.breaks and self.out:
            blank = "\n" + ("> " * min(self.shallowest, self.quotes)).rstrip()
            self.out.append(blank * (min(self.breaks, 2) - 1) + "\n" + "> " * self.quotes)
        elif not self.out and self.quotes:
            self.out.append("> " * self.quotes)
        elif (self.blank or (text[0] == " " and not self.pre)) and self.out and not self.breaks:
            self.out.append(" ")
        self.breaks, self.blank = 0, text[-1] == " " and not self.pre
        self.shallowest = self.quotes
        self.out.append(core.replace("\xa0", " "))

    def _open(self, tag: str, attributes: str) -> None:
        self._break_before(tag)
        if tag == "br":
            self.breaks += 1
            self.blank = False
        elif tag == "li":
            self._words("- ")
        elif tag == "hr":
            self._words("---")
            self.breaks = 1
        elif tag == "blockquote":
            self.quotes = min(self.quotes + 1, 10)
        elif tag == "pre":
            self.pre += 1
        elif tag == "img":
            alt = attribute(attributes, "alt")
            self._words(f"[{alt}]" if alt.strip() else "")
        elif tag == "a":
            self.links.append((attribute(attributes, "href"), len(self.out)))

    def _break_before(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self.breaks, self.blank = max(self.breaks, 2), False
        elif tag in _LINES and tag != "br":
            self.breaks, self.blank = max(self.breaks, 1), False
        elif tag in _CELLS and self.out and not self.breaks:
            self.blank = True

    def _close(self, tag: str) -> None:
        self._break_before(tag)
        if tag == "blockquote":
            self.quotes = max(self.quotes - 1, 0)
            self.shallowest = min(self.shallowest, self.quotes)
        elif tag == "pre":
            self.pre = max(self.pre - 1, 0)
        elif tag == "a" and self.links:
            self._link_end(*self.links.pop())

    def _link_end(self, target: str, start: int) -> None:
        shown = "".join(self.out[start:]).strip() if len(self.out) - start < 50 else ""
        if target[:4].lower() == "http" and shown and not _says(shown, target) and len(target) <= 500:
            self._words(f" <{target}>")


def _says(shown: str, target: str) -> bool:
    bare = target.partition("://")[2].rstrip("/").lower()
    return bare.removeprefix("www.") in shown.lower() or shown.strip().lower() in target.lower()


def tokens(html: str) -> Iterator[tuple[str, str, str]]:
    """("text", text, ""), ("open", tag, attributes) and ("close", tag, ""); what is never read is left out."""
    at = 0
    closers: dict[str, int] = {}
    while match := _TOKEN.match(html, at):
        mark = match[0]
        if mark[0] != "<" or mark[1:2] not in _MARKUP:
            yield "text", mark, ""
            at = match.end()
        elif mark[1] in "!?":
            closer = {"<!--": "-->", "<![CDATA[": "]]>"}.get(mark, ">")
            at = _after(html, closer, match.end(), closers)
        else:
            end = _forgiving_end(html, match.end(), closers)
            tag, attributes = _split_tag(html[at + 1 : end])
            at = end + 1
            if tag.startswith("/"):
                yield "close", tag[1:], ""
            elif tag in _SILENT:
                at = _after_element(html, tag, at, closers)
            else:
                yield "open", tag, attributes


def tag_end(html: str, at: int) -> int:
    """Where the tag that `at` is in ends (its `>`, not one in a quoted value); -1 if it never does."""
    while match := _EDGE.search(html, at):
        if match[1] is None:
            return match.start()
        at = html.find(match[1], match.end()) + 1
        if not at:
            return -1
    return -1


def _split_tag(inner: str) -> tuple[str, str]:
    name = re.match(r"/?[a-zA-Z][^\s/>]{0,40}", inner)
    tag = name[0] if name else inner[:1]
    return tag.lower(), inner[len(tag) :]


def _forgiving_end(html: str, at: int, closers: dict[str, int]) -> int:
    """As `tag_end`; if a quote never closes, the first `>`. What was looked for in vain is not looked for again."""
    end = tag_end(html, at) if "quote" not in closers else -1
    if end < 0:
        closers["quote"] = -1
        end = html.find(">", at) if closers.get(">") != -1 else -1
        closers[">"] = end
    return end if end >= 0 else len(html)


def attribute(attributes: str, name: str) -> str:
    """The value of one attribute in the text of a tag, unescaped; empty without it."""
    for match in _ATTRIBUTE.finditer(attributes[:20_000]):
        if match[1].lower() == name:
            return unescape(next((each for each in match.groups()[1:] if each is not None), ""))
    return ""


def _after(html: str, closer: str, at: int, closers: dict[str, int]) -> int:
    """Behind the closer; the end of the text if there is none, which is remembered so that it is asked once."""
    if closers.get(closer) == -1:
        return len(html)
    found = html.find(closer, at)
    closers[closer] = found
    return found + len(closer) if found >= 0 else len(html)


def _after_element(html: str, tag: str, at: int, closers: dict[str, int]) -> int:
    if closers.get(tag) == -1:
        return at
    found = re.compile(rf"</{tag}[\s/>]", re.IGNORECASE).search(html, at)
    if found is None and tag == "head":
        found = re.compile(r"(?=<body[\s>])", re.IGNORECASE).search(html, at)
    closers[tag] = found.start() if found else -1
    if not found:
        return len(html) if tag in ("script", "style", "textarea", "title") else at
    return html.find(">", found.start()) + 1 or len(html) if found[0] else found.start()
