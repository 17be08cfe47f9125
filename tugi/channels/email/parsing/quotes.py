"""Which part of a mail is new and which is quoted."""

from __future__ import annotations

from dataclasses import dataclass

from tugi.core.html import clean_html


@dataclass(frozen=True)
class Cut:
    """The two parts of a body. Both together are the whole; an empty `quoted` means that nothing is folded."""

    reply: str
    quoted: str


def cut_text(text: str) -> Cut:
    """The new and the quoted part of a plain text."""
    return Cut(text, "")


def cut_html(html: str) -> Cut:
    """The new and the quoted part of an HTML, both cleaned."""
    return Cut(clean_html(html), "")
