"""How a mail and what was read of it travel between the worker and the process that reads: lengths, JSON, raw bytes."""

from __future__ import annotations

import json
import struct

from tugi.channels.email.parsing.mail import ParsedMail

REQUEST = struct.Struct(">QI")
"""Length of the raw mail, and seconds of CPU that reading it may take."""
ANSWER = struct.Struct(">QQ")
"""Length of the JSON, and of the attachments' bytes that follow it, one after another."""


def pack_mail(mail: ParsedMail) -> bytes:
    return _pack({"mail": mail.to_data()}, b"".join(each.content for each in mail.attachments))


def pack_refusal(reason: str) -> bytes:
    return _pack({"unreadable": reason}, b"")


def unpack(text: bytes, contents: bytes) -> ParsedMail | str:
    """The mail, or the reason why there is none."""
    data = json.loads(text)
    if "unreadable" in data:
        return str(data["unreadable"])
    pieces: list[bytes] = []
    at = 0
    for row in data["mail"]["attachments"]:
        pieces.append(contents[at : at + row["content"]])
        at += row["content"]
    return ParsedMail.from_data(data["mail"], pieces)


def _pack(data: dict[str, object], contents: bytes) -> bytes:
    text = json.dumps(data).encode("ascii")
    return ANSWER.pack(len(text), len(contents)) + text + contents
