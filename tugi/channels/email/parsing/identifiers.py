"""Message-ID, In-Reply-To and References, read from the raw fields and kept broken as they are."""

from __future__ import annotations

import hashlib
import re

from tugi.channels.email.parsing.headers import Headers

_PIECE = re.compile(r"<([^<>]*)>|([^\s,<>]+)")
_QUOTED = re.compile(r'"[^"]{0,500}"|\([^)]{0,500}\)')
_LONGEST = 1_000


def own_id(headers: Headers, raw: bytes) -> tuple[str, bool]:
    """The mail's id without brackets, and False; or one made from a hash of the mail, and True. Of two the first."""
    for value in headers.plain_all("message-id"):
        found = _trimmed(value)
        if found:
            return found, False
    return f"{hashlib.sha256(raw).hexdigest()[:40]}@made.invalid", True


def message_ids(headers: Headers, name: str, limit: int = 200) -> tuple[str, ...]:
    """The ids of all fields of this name, the newest (right-most, last field) first, each once."""
    found: list[str] = []
    for value in headers.plain_all(name):
        found.extend(_ids(value))
    return tuple(dict.fromkeys(reversed(found)))[:limit]


def _ids(value: str) -> list[str]:
    """In order. Words without brackets count only if they look like an id, so that prose in In-Reply-To does not."""
    ids: list[str] = []
    for match in _PIECE.finditer(value):
        bracketed = match[1] is not None
        text = re.sub(r"\s", "", match[1] if bracketed else match[2])
        if text and len(text) <= _LONGEST and (bracketed or ("@" in text and not text.endswith(":"))):
            ids.append(text)
    return ids


def _trimmed(value: str) -> str:
    """Blanks and one pair of brackets off; otherwise as it came."""
    value = value.strip()
    if value.startswith("<"):
        end = value.rfind(">")
        value = value[1 : end if end > 0 else None]
    return value.strip()[:_LONGEST]
