"""Mails that carry a key to the desk itself (SECURITY A2.2): a link by which an agent chooses a password.

Whoever sees a ticket would see it, and its customer too. Known by the key, so that no rewriting of the address around
it matters, and only while the key opens something: a dead link is a text like any other.
"""

from __future__ import annotations

import re

from tugi.channels.email.parsing import ParsedMail
from tugi.people.actions import open_links

KEY = re.compile(r"(?:/|%2f)([A-Za-z0-9_-]{32})(?![A-Za-z0-9_-])", re.IGNORECASE)
MOST_KEYS = 500


def carries_own_link(parsed: ParsedMail) -> bool:
    """Does this mail say a key that sets the password of an agent now?"""
    found: dict[str, None] = {}
    for said in (parsed.subject, parsed.text, parsed.html, *_texts(parsed)):
        found.update(dict.fromkeys(KEY.findall(said)))
    return bool(found) and open_links(list(found)[:MOST_KEYS])


def _texts(parsed: ParsedMail) -> list[str]:
    """Files that are words: a forwarded mail, a page."""
    words = [each for each in parsed.attachments if each.content_type.startswith(("text/", "message/"))]
    return [each.content.decode("utf-8", "replace") for each in words]
