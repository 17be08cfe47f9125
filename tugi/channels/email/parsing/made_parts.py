"""Parts that no mail system wrote: what was found inside another part, in the form of all parts."""

from __future__ import annotations

from tugi.channels.email.parsing.headers import Headers
from tugi.channels.email.parsing.mime import Part
from tugi.core.text import single_line


def made_part(data: bytes, content_type: str, name: bytes, content_id: str = "") -> Part:
    """A part as if it had stood in the mail; `name` as it was written, path and all."""
    kind = content_type.strip().lower() if content_type.isascii() and "/" in content_type else ""
    fields = [("content-id", f"<{single_line(content_id)}>".encode("utf-8", "ignore"))] if content_id else []
    params = {"name": _name(name)} if name else {}
    return Part(data, Headers(fields), kind or "application/octet-stream", params, start=0, end=len(data))


def _name(name: bytes) -> str:
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("cp1252", "replace")
