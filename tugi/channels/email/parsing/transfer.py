"""Undoing Content-Transfer-Encoding, however badly it was done. Bytes in, bytes out."""

from __future__ import annotations

import base64
import binascii
import re

from tugi.channels.email.parsing.mime import Part

_KEEP = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_DROP = bytes(set(range(256)) - set(_KEEP))
_BLANKS_AFTER_SOFT = re.compile(rb"=[ \t]++(?=\r?\n)")
_UU_BEGIN = re.compile(rb"(?m)^begin(?:-base64)? [0-7]{3,4} [^\r\n]{0,300}\r?\n")


def decoded(part: Part) -> bytes:
    """The body of a leaf. An unknown encoding leaves it as it is."""
    words = part.headers.plain("content-transfer-encoding").lower().split()
    encoding = words[0].strip("\"';,.") if words else ""
    if encoding == "base64":
        return from_base64(part.body)
    if encoding in ("quoted-printable", "quotedprintable", "qp"):
        return from_quoted_printable(part.body)
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return from_uuencode(part.body)
    return part.body


def from_quoted_printable(data: bytes) -> bytes:
    return binascii.a2b_qp(_BLANKS_AFTER_SOFT.sub(b"=", data))


def from_base64(data: bytes) -> bytes:
    """Base64 with foreign characters, without padding, padded on each line, or with a footer pasted below."""
    clean = _without_footer(data).translate(None, _DROP)
    if b"=" not in clean.rstrip(b"="):
        return _base64_run(clean.rstrip(b"="))
    return b"".join(_base64_run(run) for run in re.split(rb"=+", clean))


def _without_footer(data: bytes) -> bytes:
    """Lists paste their footer as plain text below the last, padded line."""
    end = data.find(b"=")
    if end < 0:
        return data
    foreign = re.search(rb"[^A-Za-z0-9+/=\s]|[A-Za-z0-9] [A-Za-z0-9]", data[end:])
    if not foreign:
        return data
    line = data.rfind(b"\n", 0, end + foreign.start()) + 1
    return data[:line] if line > end else data


def _base64_run(run: bytes) -> bytes:
    run = run[:-1] if len(run) % 4 == 1 else run
    return base64.b64decode(run + b"=" * (-len(run) % 4)) if run else b""


def from_uuencode(data: bytes) -> bytes:
    begin = _UU_BEGIN.search(data)
    lines = data[begin.end() if begin else 0 :].splitlines()
    return b"".join(_uu_line(line) for line in lines[: _uu_end(lines)])


def _uu_end(lines: list[bytes]) -> int:
    return next((number for number, line in enumerate(lines) if line.strip() == b"end"), len(lines))


def _uu_line(line: bytes) -> bytes:
    if not line:
        return b""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        length = (((line[0] - 32) & 63) * 4 + 5) // 3
        try:
            return binascii.a2b_uu(line[:length])
        except binascii.Error:
            return b""
