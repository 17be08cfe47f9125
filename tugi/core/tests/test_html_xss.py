"""What comes out of the cleaner is judged by parsing it again, against an allow-list of its own."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from lxml import etree
from lxml import html as lxml_html

from tugi.core.html import clean_html, clean_reply_html, shown_html, text_to_html
from tugi.core.tests.html_vectors import vectors

VECTORS = list(dict.fromkeys(vectors()))
FORBIDDEN_TAGS = {
    "script",
    "style",
    "svg",
    "math",
    "iframe",
    "object",
    "embed",
    "applet",
    "form",
    "input",
    "button",
    "select",
    "textarea",
    "option",
    "link",
    "meta",
    "base",
    "title",
    "template",
    "noscript",
    "noembed",
    "noframes",
    "xmp",
    "plaintext",
    "video",
    "audio",
    "source",
    "track",
    "frame",
    "frameset",
    "area",
    "map",
    "dialog",
    "portal",
    "marquee",
    "keygen",
    "isindex",
    "slot",
    "foreignobject",
    "annotation-xml",
    "body",
    "head",
    "html",
}
ATTRIBUTES = {
    "href",
    "src",
    "alt",
    "width",
    "height",
    "border",
    "data-remote-src",
    "dir",
    "lang",
    "style",
    "title",
    "align",
    "rel",
    "target",
    "span",
    "color",
    "face",
    "size",
    "value",
    "start",
    "type",
    "cellpadding",
    "cellspacing",
    "bgcolor",
    "valign",
    "colspan",
    "rowspan",
    "nowrap",
}
LINK = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
PICTURE = re.compile(r"cid:|data:image/(?:png|gif|jpe?g|webp);base64,", re.IGNORECASE)


def faults(cleaned: str) -> list[str]:
    """What a browser could run, load or be led astray by."""
    found: list[str] = []
    cleaned = re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]", "", cleaned)
    for element in lxml_html.fragment_fromstring(cleaned, create_parent="div").iter():
        if not isinstance(element.tag, str):
            found.append("comment or instruction")
            continue
        if element.tag in FORBIDDEN_TAGS or ":" in element.tag or "-" in element.tag:
            found.append(element.tag)
        found += [f"{element.tag} {name}" for name in element.attrib if name not in ATTRIBUTES]
        found += _bad_values(dict(element.attrib))
    return found


def _bad_values(attributes: dict[str, str]) -> list[str]:
    style = attributes.get("style", "").lower()
    found = [
        word
        for word in ("url", "expression", "position", "import", "\\", "behavior", "var(", "margin:-")
        if word in style
    ]
    if "href" in attributes and not LINK.match(attributes["href"]):
        found.append(f"href {attributes['href']}")
    if "src" in attributes and not PICTURE.match(attributes["src"]):
        found.append(f"src {attributes['src']}")
    if "data-remote-src" in attributes and not attributes["data-remote-src"].startswith(("http://", "https://")):
        found.append(attributes["data-remote-src"])
    return found


def test_there_are_enough_vectors() -> None:
    assert len(VECTORS) >= 1_000


@pytest.mark.parametrize("clean", [clean_html, clean_reply_html, shown_html, text_to_html])
def test_nothing_of_the_corpus_survives(clean: Callable[[str], str]) -> None:
    broken = {vector: found for vector in VECTORS if (found := faults(clean(vector)))}
    assert broken == {}


def test_cleaning_twice_changes_nothing() -> None:
    once = {vector: clean_html(vector) for vector in VECTORS}
    assert {vector for vector, html in once.items() if _tree(clean_html(html)) != _tree(html)} == set()


def _tree(html: str) -> str:
    """The same for two HTMLs that differ only in the order of attributes."""
    return etree.tostring(lxml_html.fragment_fromstring(html, create_parent="div"), method="c14n").decode()


def test_vectors_side_by_side_do_not_help_each_other() -> None:
    assert faults(clean_html("".join(VECTORS))) == []
    pairs = ["".join(VECTORS[at : at + 2]) for at in range(0, len(VECTORS), 5)]
    assert [pair for pair in pairs if faults(clean_html(pair))] == []


def test_closing_tags_cannot_leave_the_place_where_the_html_is_put() -> None:
    cleaned = clean_html("</div></td></table></body><p>x</p></section><div>open")
    page = lxml_html.fromstring(f"<div id=outer><div id=body>{cleaned}</div><p id=after></p></div>")
    assert page.xpath("//*[@id='after']/parent::*/@id") == ["outer"]
