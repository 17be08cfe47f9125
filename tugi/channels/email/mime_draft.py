"""Writing a mail as bytes (RFC 5322, 2045–2047, 2231).

Python's package builds a tree and parses every header that it is given, to write it again: 2.5 ms CPU a mail, a
quarter of what sending one costs, and it loses quotes of long names on the way. What we write is of a few known
shapes. Header values come as one line each (`compose`); nothing that is set here can begin another header.
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.headerregistry import Address
from urllib.parse import quote

LONGEST_LINE = 78
ENCODED_BYTES = 42
"""Of UTF-8 in one encoded word: 56 letters of base64 and twelve around them, beside a header's name."""
_ATOMS = re.compile(r"[\w!#$%&'*+/=?^`{|}~ -]*", re.ASCII)
_BARE = re.compile(rb"(?<!\r)\n")
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass
class Draft:
    """A mail that is being written. `utf8`: its headers may be UTF-8 as they are (RFC 6532)."""

    utf8: bool
    _head: list[str] = field(default_factory=list)
    _text: bytes = b""
    _html: bytes = b""
    _pictures: list[bytes] = field(default_factory=list)
    _files: list[bytes] = field(default_factory=list)

    def __setitem__(self, name: str, value: str | Address | list[Address]) -> None:
        if isinstance(value, str):
            written = self._words(name, value)
        else:
            people = [value] if isinstance(value, Address) else value
            written = _folded(f"{name}:", [f"{self._person(each)}," for each in people]).removesuffix(",")
        assert not set(written.replace("\r\n ", "")) & {"\r", "\n"}, name
        self._head.append(written)

    def set_text(self, text: str) -> None:
        self._text = _text_part("plain", text)

    def set_html(self, html: str) -> None:
        self._html = _text_part("html", html)

    def add_picture(self, data: bytes, content_type: str, *, cid: str, name: str) -> None:
        """One that the HTML shows by its content id."""
        extra = f"Content-ID: <{cid}>\r\n"
        self._pictures.append(_file_part(data, content_type, f"inline; {_file_name(name)}", extra))

    def add_file(self, data: bytes, content_type: str, *, name: str) -> None:
        self._files.append(_file_part(data, content_type, f"attachment; {_file_name(name)}"))

    def as_bytes(self) -> bytes:
        html = _multipart("related", [self._html, *self._pictures]) if self._pictures else self._html
        body = _multipart("alternative", [self._text, html])
        body = _multipart("mixed", [body, *self._files]) if self._files else body
        head = "".join(f"{line}\r\n" for line in (*self._head, "MIME-Version: 1.0"))
        return head.encode("utf-8") + body

    def _words(self, name: str, value: str) -> str:
        if self.utf8 or value.isascii():
            return _folded(f"{name}:", value.split())
        return _folded(f"{name}:", _encoded(value))

    def _person(self, person: Address) -> str:
        shown, spec = person.display_name, person.addr_spec
        if not shown:
            return spec
        if not self.utf8 and not shown.isascii():
            return "\r\n ".join([*_encoded(shown), f"<{spec}>"])
        if _ATOMS.fullmatch(shown):
            return f"{shown} <{spec}>"
        escaped = shown.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{spec}>'


def _folded(start: str, pieces: Iterable[str]) -> str:
    """The pieces after `start`, blanks between them, on lines of a good length. No line is empty."""
    lines = [start]
    for piece in pieces:
        fits = len(lines[-1]) + 1 + len(piece) <= LONGEST_LINE or lines[-1] == start
        lines[-1:] = [f"{lines[-1]} {piece}"] if fits else [lines[-1], f" {piece}"]
    return "\r\n".join(lines)


def _encoded(text: str) -> list[str]:
    """Encoded words (RFC 2047). None splits a character, nor begins or ends with a blank, which some readers drop."""
    words, piece = [], ""
    for letter in text:
        if len(f"{piece}{letter}".encode("utf-8", "replace")) > ENCODED_BYTES:
            kept = piece if letter != " " else piece[:-1]
            kept = kept[:-2] if kept.endswith(" ") and len(kept) > 2 else kept
            words.append(kept)
            piece = piece[len(kept) :]
        piece += letter
    return [f"=?utf-8?b?{base64.b64encode(each.encode('utf-8', 'replace')).decode()}?=" for each in (*words, piece)]


def _text_part(kind: str, text: str) -> bytes:
    data = _LINE_END.sub("\r\n", text).encode("utf-8", "replace")
    head = f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    # Where the text has no line end before, soft ones come without CR.
    return head.encode() + _BARE.sub(b"\r\n", binascii.b2a_qp(data, istext=True))


def _file_part(data: bytes, content_type: str, disposition: str, extra: str = "") -> bytes:
    head = (
        f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: {disposition}\r\n{extra}\r\n"
    )
    return head.encode("ascii", "replace") + base64.encodebytes(data).replace(b"\n", b"\r\n")


def _file_name(name: str) -> str:
    if name.isascii():
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'filename="{escaped}"'
    return f"filename*=utf-8''{quote(name, safe='', errors='replace')}"


def _multipart(kind: str, parts: list[bytes]) -> bytes:
    """No part can contain the boundary: neither quoted-printable nor base64 has "=_"."""
    boundary = f"=_{secrets.token_hex(12)}"
    between = f"\r\n--{boundary}\r\n".encode()
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n--{boundary}\r\n'
    return head.encode() + between.join(parts) + f"\r\n--{boundary}--\r\n".encode()
