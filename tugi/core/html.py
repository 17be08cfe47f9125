"""Cleaning of HTML from outside."""

from __future__ import annotations

import nh3

from tugi.core.html_text import html_to_text, text_to_html

__all__ = ["clean_html", "html_to_text", "text_to_html"]


def clean_html(html: str, *, allow_cid: bool = True) -> str:
    """The HTML reduced to an allow-list."""
    return nh3.clean(html, url_schemes={"http", "https", "mailto", "tel", "cid"})
