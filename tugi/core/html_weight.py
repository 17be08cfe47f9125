"""How hard HTML is to build a tree of. Parsers that follow the standard take time by tags times depth: 200,000 nested
<div> cost them minutes, and unclosed formatting is opened again in every paragraph."""

from __future__ import annotations

import re

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]{0,30})")


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FREE = _names(
    "area base br col embed hr img input link meta param source track wbr p li td th tr tbody thead tfoot "
    "dt dd option body html head colgroup"
)
_FORMATTING = _names("a b big code em font i nobr s small strike strong tt u")
_DEEPEST = 400
_MOST_REOPENED = 300_000
_FEW_TAGS = 200
_MOST_TAGS = 60_000
_LONG_TAG = 8_000
_MOST_ATTRIBUTES = 1_500


def is_too_heavy(html: str) -> bool:
    """Would a parser go too deep, or open too much formatting again? An estimate in one pass, rather too high.

    Counts how deep the elements nest, and the sum over all tags of the formatting elements open at each.
    """
    if len(html) > _LONG_TAG and any(_has_many_attributes(piece) for piece in html.split("<")):
        return True
    if not _FEW_TAGS <= (tags := len(re.findall("<[a-zA-Z/]", html))) <= _MOST_TAGS:
        return tags > _MOST_TAGS
    unclosed: dict[str, int] = {}
    depth = formatting = work = 0
    for match in _TAG.finditer(html):
        name = match[2].lower()
        work += max(formatting - 20, 0)
        if name in _FREE:
            continue
        count = unclosed.get(name, 0)
        step = 1 if not match[1] else (-1 if count else 0)
        unclosed[name] = count + step
        depth += step
        formatting += step if name in _FORMATTING else 0
        if depth > _DEEPEST or work > _MOST_REOPENED:
            return True
    return False


def _has_many_attributes(piece: str) -> bool:
    """libxml2 compares each attribute of a tag with all before it."""
    if len(piece) < _LONG_TAG:
        return False
    tag = piece.partition(">")[0]
    return max(len(tag.split()), tag.count("/"), tag.count("=")) > _MOST_ATTRIBUTES
