"""HTML from outside, reduced to what may be shown. nh3 is always the last transform: nothing edits its output.

Three layers guard the reader; this is the first. The others are the frame that the HTML is shown in and its CSP.
Remote images are kept as `data-remote-src`, which loads nothing, until the reader asks for them (`shown_html`).
Text written by agents passes a smaller allow-list (`clean_reply_html`), and so does what stands in the midst of a page
of ours (`plain_html`). Known to no Django: it runs in the mail reader.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape

import nh3

from tugi.core.html_text import attribute, html_to_text, tag_end, text_to_html
from tugi.core.html_weight import is_too_heavy
from tugi.core.text import CONTROLS, normalise

__all__ = [
    "blocked_images", "clean_html", "clean_reply_html", "html_to_text", "plain_html", "shown_html", "text_to_html",
]  # fmt: skip


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TAGS = _names(
    "a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd "
    "del details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd "
    "li main mark nav ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table "
    "tbody td tfoot th thead time tr tt u ul var wbr"
)
_REPLY_TAGS = _names(
    "a b blockquote br code del div em h1 h2 h3 h4 hr i img li ol p pre s span strong sub sup table tbody "
    "td th thead tr u ul"
)
_PLAIN_TAGS = _names(
    "a b blockquote br code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i img li ol p pre s small span strong sub sup u ul"
)
_DROPPED_WITH_CONTENT = _names(
    "applet audio canvas embed frame frameset head iframe math noembed noframes noscript object plaintext "
    "script style svg template textarea title video xmp"
)
_CELL = {"align", "valign", "bgcolor", "width", "height", "colspan", "rowspan", "nowrap", "style"}
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"dir", "lang", "style", "title", "align"},
    "a": {"href"},
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "font": {"color", "face", "size"},
    "hr": {"size", "width", "color"},
    "img": {"src", "alt", "width", "height", "border", "data-remote-src"},
    "li": {"value"},
    "ol": {"start", "type"},
    "table": {"border", "cellpadding", "cellspacing", "bgcolor", "width", "height"},
    "td": _CELL,
    "th": _CELL,
    "tr": {"valign", "bgcolor", "height"},
    "ul": {"type"},
}
_REPLY_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"dir", "lang"},
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}


@dataclass(frozen=True, eq=False)
class _Kept:
    """What of HTML is left for one use of it."""

    tags: frozenset[str]
    attributes: Mapping[str, set[str]]


_STORED = _Kept(_TAGS, _ATTRIBUTES)
_SHOWN = _Kept(_TAGS, _ATTRIBUTES | {"img": _ATTRIBUTES["img"] - {"data-remote-src"}})
_REPLY = _Kept(_REPLY_TAGS, _REPLY_ATTRIBUTES)
_PLAIN = _Kept(_PLAIN_TAGS, {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}})
_SIDES = ("", "-top", "-right", "-bottom", "-left")
_STYLES = {
    "color", "background-color", "font", "font-family", "font-size", "font-style", "font-weight", "font-variant",
    "text-align", "text-decoration", "text-indent", "text-transform", "line-height", "letter-spacing", "white-space",
    "vertical-align", "word-break", "overflow-wrap", "direction", "display", "width", "max-width", "min-width",
    "height", "max-height", "list-style-type", "border-collapse",
    "border-spacing", "border-radius", "float", "clear", "quotes",
    *(f"{kind}{side}" for kind in ("border", "padding", "margin") for side in _SIDES),
    *(f"border{side}-{what}" for side in _SIDES for what in ("color", "style", "width")),
}  # fmt: skip
_SAFE_VALUE = re.compile(r"[\w\s#.,%\"'!/+-]*(?:\((?!\s*[\"'])[\d\s.,%/]*\)[\w\s#.,%!]*)*")
_NEGATIVE = re.compile(r"(?:^|[\s:])-\d")
_SCHEMES = {"http", "https", "mailto", "tel", "cid", "data"}
_LINK = re.compile(r"(?:https?://|mailto:|tel:)[^\x00-\x20]", re.IGNORECASE)
_NO_TAG = re.compile(f"<(?={CONTROLS.pattern})")
"""Text, as HTML reads it; without the character behind it, it would begin a tag and take words with it."""
_REMOTE = re.compile(r"(?:https?:)?//[^\x00-\x20\"'<>\\]{1,2000}", re.IGNORECASE)
_PICTURE_DATA = re.compile(r"data:image/(?:png|gif|jpe?g|webp);base64,[A-Za-z0-9+/=\s]+", re.IGNORECASE)
_LARGEST_DATA = 300_000
_LONGEST = 3_000_000
_LONGEST_TEXT = 100_000
_IMG = re.compile(r"<img(?=[\s/])", re.IGNORECASE)
_MANY_ENTITIES = re.compile(r"(?:&[^&]*+){2000}")


def clean_html(html: str, *, allow_cid: bool = True) -> str:
    """What of the HTML may be stored and shown: no script, no form, no style sheet, no remote picture, no own place
    on the page. Links open apart and leak no referrer. Never fails; HTML too heavy to clean becomes its text."""
    prepared = "".join(_each_image(_prepared(html), _hold_back))
    return _nh3(prepared, _STORED, _Sources(cid=allow_cid))


def shown_html(html: str, *, cid_urls: Mapping[str, str] | None = None, remote_images: bool = False) -> str:
    """Cleaned HTML for a frame: pictures by content id get their URLs, remote ones load if the reader allowed it.

    Takes what `clean_html` gave. `cid_urls` maps content ids to URLs of ours; a picture that names such a URL by itself
    is dropped, so that a mail cannot show another ticket's file. Cleans again, as the last step.
    """
    urls = dict(cid_urls or {})
    sources = _Sources(remote=remote_images, own=frozenset(urls.values()))
    return _nh3(_filled(html, urls, remote=remote_images), _SHOWN, sources)


def plain_html(html: str, *, cid_urls: Mapping[str, str] | None = None) -> str:
    """Cleaned HTML for the midst of a page: words and their simplest marks, so that a mail can neither look like a
    part of the page nor reach out of its box. Pictures by content id get their URLs; none comes from the web.
    Takes what `clean_html` or `clean_reply_html` gave."""
    urls = dict(cid_urls or {})
    return _nh3(_filled(html, urls, remote=False), _PLAIN, _Sources(own=frozenset(urls.values())))


def _filled(html: str, urls: Mapping[str, str], *, remote: bool) -> str:
    """The HTML with the URLs of its pictures: those of `urls` by content id, held back ones if `remote`."""
    own = frozenset(urls.values())

    def fill(tag: str) -> str:
        source, held = attribute(tag[4:], "src"), attribute(tag[4:], "data-remote-src")
        if source in own or held in own:
            return ""
        if source[:4].lower() == "cid:" and source[4:] in urls:
            return _with_source(tag, "src", urls[source[4:]])
        return _with_source(tag, "src", held) if remote and held else tag

    return "".join(_each_image(html, fill)) if _IMG.search(html) else html


def blocked_images(html: str) -> tuple[str, ...]:
    """The addresses of the remote pictures that cleaned HTML holds back, each once."""
    found: list[str] = []

    def note(tag: str) -> str:
        found.append(attribute(tag[4:], "data-remote-src"))
        return tag

    deque(_each_image(html, note), maxlen=0)
    return tuple(dict.fromkeys(filter(None, found)))


def clean_reply_html(html: str, *, own_urls: Collection[str] = ()) -> str:
    """What an agent's editor may send: text, lists, links, tables, pictures by content id or from `own_urls`."""
    return _nh3(_prepared(html), _REPLY, _Sources(cid=True, own=frozenset(own_urls)))


def _prepared(html: str) -> str:
    html = normalise(_NO_TAG.sub("&lt;", html[:_LONGEST]))
    if is_too_heavy(html):
        html = text_to_html(html_to_text(html)[:_LONGEST_TEXT])
    # Appending entities to one text node takes quadratic time; an element in between starts a new node.
    return _MANY_ENTITIES.sub(r"\g<0><wbr>", html) if html.count("&") > 10_000 else html


def _each_image(html: str, change: Callable[[str], str]) -> Iterator[str]:
    """The pieces of the HTML with each <img …> changed. One that never ends ends the search."""
    at = 0
    while match := _IMG.search(html, at):
        end = tag_end(html, match.end())
        if end < 0:
            break
        yield html[at : match.start()]
        yield change(html[match.start() : end + 1])
        at = end + 1
    yield html[at:]


def _hold_back(tag: str) -> str:
    source = attribute(tag[4:], "src").strip()
    if not _REMOTE.fullmatch(source):
        return tag
    return _with_source(tag, "data-remote-src", f"https:{source}" if source.startswith("//") else source)


def _with_source(tag: str, name: str, url: str) -> str:
    """The tag with one more attribute in front, where it wins over others of its name."""
    return f'<img {name}="{escape(url)}" {tag[4:]}'


@dataclass(frozen=True)
class _Sources:
    """Which addresses a picture may have: content ids, any on the web, these of ours; small picture data always."""

    cid: bool = False
    remote: bool = False
    own: frozenset[str] = frozenset()

    def allow(self, url: str) -> bool:
        if url in self.own or (self.remote and _REMOTE.fullmatch(url)):
            return True
        if self.cid and url[:4].lower() == "cid:":
            return True
        return len(url) <= _LARGEST_DATA and _PICTURE_DATA.fullmatch(url) is not None


def _nh3(html: str, kept: _Kept, sources: _Sources) -> str:
    return _cleaner(kept, sources).clean(html)


@lru_cache(maxsize=100)
def _cleaner(kept: _Kept, sources: _Sources) -> nh3.Cleaner:
    """Kept, because making one costs five times what cleaning a message with it does."""

    def judge(tag: str, name: str, value: str) -> str | None:
        if name == "src":
            return value if sources.allow(value) else None
        if name == "data-remote-src":
            return value if _REMOTE.fullmatch(value) and value[0] != "/" else None
        if name == "href":
            return value if _LINK.match(value) else None
        return _safe_style(value) if name == "style" else value

    return nh3.Cleaner(
        tags=set(kept.tags),
        clean_content_tags=set(_DROPPED_WITH_CONTENT),
        attributes=dict(kept.attributes),
        attribute_filter=judge,
        strip_comments=True,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        url_schemes=_SCHEMES,
        url_relative=None,
        filter_style_properties=_STYLES,
    )


def _safe_style(style: str) -> str | None:
    """The declarations whose values are plain words, lengths and colours: nothing that loads, computes or overlays."""
    kept = [each.strip() for each in style[:4_000].split(";")[:60] if _is_safe_declaration(each)]
    return ";".join(kept) or None


def _is_safe_declaration(declaration: str) -> bool:
    name, colon, value = declaration.partition(":")
    if not colon or len(value) > 300 or name.strip().lower() not in _STYLES:
        return False
    if not _SAFE_VALUE.fullmatch(value) or re.search(r"(?i)url|expression|import|script|fixed|sticky", value):
        return False
    return not (name.strip().lower().startswith("margin") and _NEGATIVE.search(value))
