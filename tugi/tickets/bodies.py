"""How the words of a message are shown: plainly in the page, or as sent in a frame that can do nothing.

What is stored is clean already; it is cleaned again here, at the last moment, and nothing changes it
afterwards. In the page only words and their simplest marks are left, so that a mail can neither look
like a part of the desk nor reach out of its box. What a plain reading loses (tables, colours, pictures
from the web) is kept by the frame, whose document carries a policy of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import nh3
from markupsafe import Markup

PLAIN_TAGS = {
    *("p", "br", "div", "span", "hr", "blockquote", "pre", "code", "ul", "ol", "li", "dl", "dt", "dd"),
    *("b", "strong", "i", "em", "u", "s", "del", "sub", "sup", "small", "a", "img"),
    *("h1", "h2", "h3", "h4", "h5", "h6"),
}
PLAIN_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}}
FRAME_ATTRIBUTES = {
    "*": {"style", "align", "valign", "dir", "lang", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "type"},
    "font": {"color", "face", "size"},
    "table": {"width", "cellpadding", "cellspacing", "border", "bgcolor"},
    "tr": {"bgcolor", "height"},
    "td": {"width", "height", "bgcolor", "colspan", "rowspan"},
    "th": {"width", "height", "bgcolor", "colspan", "rowspan"},
}
FRAME_TAGS = PLAIN_TAGS | {
    *("table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "font", "center"),
}
NEVER = {"script", "style", "title", "textarea", "template", "noscript", "iframe", "object", "svg", "math"}
SCHEMES = {"http", "https", "mailto", "tel", "cid"}

_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)
_REMOTE_IMAGE = re.compile(r"""<img\b[^>]{0,2000}?\bsrc\s*=\s*["']?https?:""", re.IGNORECASE)
_LINK_STYLES = re.compile(r"url\s*\(|@import|expression|image-set|position\s*:\s*(?:fixed|sticky)", re.IGNORECASE)

NOTHING = Markup("")

ImageAddress = Callable[[str], str | None]
"""Turns the content id of a picture inside the mail into an address, or None if it is not there."""


def is_rich(html: str) -> bool:
    """Whether a plain reading would lose the shape of it: tables are how mails are laid out."""
    return _TABLE.search(html) is not None


def has_remote_images(html: str) -> bool:
    return _REMOTE_IMAGE.search(html) is not None


def for_page(html: str, images: Mapping[str, str]) -> Markup:
    """The words for the desk's own page. `images`: addresses by content id; no other picture is shown."""
    return _cleaned(html, PLAIN_TAGS, PLAIN_ATTRIBUTES, lambda cid: images.get(cid), remote=False)


def for_frame(html: str, images: Mapping[str, str], *, remote: bool) -> Markup:
    """The words as they were laid out, for the frame. `remote`: the agent asked for pictures from the web."""
    return _cleaned(html, FRAME_TAGS, FRAME_ATTRIBUTES, lambda cid: images.get(cid), remote=remote)


def _cleaned(
    html: str, tags: set[str], attributes: Mapping[str, set[str]], image: ImageAddress, *, remote: bool
) -> Markup:
    def keep(tag: str, name: str, value: str) -> str | None:
        if (tag, name) == ("img", "src"):
            return _image_source(value, image, remote=remote)
        if name == "style":
            return None if _LINK_STYLES.search(value) else value
        if (tag, name) == ("a", "href") and value.startswith("cid:"):
            return None
        return value

    cleaned = nh3.clean(
        html,
        tags=tags,
        clean_content_tags=NEVER - tags,
        attributes=dict(attributes),
        attribute_filter=keep,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        strip_comments=True,
    )
    return Markup(cleaned)  # noqa: S704 - the cleaner's own output, and the last thing done to it


def _image_source(value: str, image: ImageAddress, *, remote: bool) -> str | None:
    if value.startswith("cid:"):
        return image(value.removeprefix("cid:").strip("<>"))
    return value if remote and value.startswith("https://") else None
