"""Names of files that people and mails give, made safe to show and to save."""

from __future__ import annotations

import re

from tugi.core.text import cut_bytes, single_line

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)


def clean_name(name: str, size: int = 255) -> str:
    """The last part of a path without invisible characters, cut to `size` bytes; empty if nothing is left."""
    name = _INVISIBLE.sub("", single_line(name[:20_000]))
    name = re.split(r"[/\\]", name)[-1]
    name = re.sub(r'[<>:"|?*]', "_", name).strip(" .") if name.strip(" .") else ""
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > 20:
        return cut_bytes(name, size)
    tail = dot + extension
    return cut_bytes(stem, size - len(tail.encode("utf-8", "ignore"))) + tail
