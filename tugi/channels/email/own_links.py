"""Mails that carry a key to the desk itself (SECURITY A2.2): a link by which an agent chooses a password.

Whoever sees a ticket would see it, and its customer too. Known by the key, so that no rewriting of the address around
it matters, and only while the key opens something: a dead link is a text like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tugi.channels.email.parsing import ParsedMail
from tugi.people.actions import open_links

KEY = re.compile(r"(?:/|%2f)([A-Za-z0-9_-]{32})(?![A-Za-z0-9_-])", re.IGNORECASE)
MOST_KEYS = 500
LOOKED_AT = 4 * 1024 * 1024
"""Bytes of the files of a mail, together: a forwarded mail is smaller, and megabytes of log take half a second."""


def keys_in(parsed: ParsedMail) -> tuple[str, ...]:
    """What may be keys in this mail's words and in its files that are words. Slow: not for a transaction."""
    found: dict[str, None] = {}
    for said in (parsed.subject, parsed.text, parsed.html, *_texts(parsed)):
        for match in KEY.finditer(said):
            found[match[1]] = None
            if len(found) == MOST_KEYS:
                return tuple(found)
    return tuple(found)


def carries_own_link(keys: tuple[str, ...]) -> bool:
    """Does one of these set the password of an agent now? One query, none without keys."""
    return bool(keys) and open_links(keys)


def _texts(parsed: ParsedMail) -> Iterator[str]:
    """Files that are words: a forwarded mail, a page."""
    left = LOOKED_AT
    for each in parsed.attachments:
        if each.content_type.startswith(("text/", "message/")) and left:
            part = each.content[:left]
            left -= len(part)
            yield part.decode("latin-1")
