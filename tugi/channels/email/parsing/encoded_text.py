"""Files that stand in a text as lines of letters: uuencode (POSIX) and yEnc 1.3, as old programs and newsgroups write.

A file is taken out only if its frame is whole and every line of it fits; what looks like one and is none stays text.
"""

from __future__ import annotations

import binascii
import re
import zlib
from dataclasses import dataclass

MOST_FILES = 100
_BEGIN = re.compile(rb"(?m)^(?:begin [0-7]{3,4} ([^\r\n]{1,255})|=ybegin ([^\r\n]{1,600}))\r?$\n?")
_NAME = re.compile(rb"name=([^\r\n]+)")
_FIELD = re.compile(rb"\b(part|size|total|crc32|pcrc32)=([0-9A-Fa-f]{1,16})")
_UU_LONGEST, _Y_LONGEST = 64, 8_192
_Y_SHIFT = bytes((value - 42) % 256 for value in range(256))
_Y_ESCAPED = bytes((value - 64) % 256 for value in range(256))


@dataclass(frozen=True)
class EncodedFile:
    name: bytes
    data: bytes


def take_files(data: bytes) -> tuple[bytes, list[EncodedFile]]:
    """The text without the files that stood in it, and these. Linear; never raises."""
    if b"begin " not in data:
        return data, []
    kept: list[bytes] = []
    files: list[EncodedFile] = []
    at = after = 0
    while len(files) < MOST_FILES and (begin := _BEGIN.search(data, at)):
        found = _uu_file(data, begin) if begin[1] is not None else _y_file(data, begin)
        if found is None:
            at = begin.end()
            continue
        file, end = found
        files.append(file)
        kept.append(data[after : begin.start()])
        at = after = end
    return b"".join([*kept, data[after:]]), files


def _uu_file(data: bytes, begin: re.Match[bytes]) -> tuple[EncodedFile, int] | None:
    """The file after a `begin` line and where its `end` line ends; None at the first line that does not fit."""
    pieces: list[bytes] = []
    at = begin.end()
    while True:
        line, at = _line(data, at)
        if line is None:
            return None
        if line == b"end":
            return (EncodedFile(begin[1].strip(), b"".join(pieces)), at) if pieces else None
        piece = _uu_line(line)
        if piece is None:
            return None
        pieces.append(piece)


def _uu_line(line: bytes) -> bytes | None:
    if not 1 <= len(line) <= _UU_LONGEST or not 32 <= line[0] <= 96:
        return None
    size = (line[0] - 32) & 63
    # Mail systems cut blanks at the end of lines; the decoder fills them in.
    if len(line) - 1 > (size + 2) // 3 * 4 + 1:
        return None
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        try:
            return binascii.a2b_uu(line[: 1 + (size + 2) // 3 * 4])
        except binascii.Error:
            return None


def _y_file(data: bytes, begin: re.Match[bytes]) -> tuple[EncodedFile, int] | None:
    """The file, or this part of it, if size and checksum are as its last line says."""
    head, name = _fields(begin[2]), _NAME.search(begin[2])
    pieces: list[bytes] = []
    at = begin.end()
    while True:
        line, at = _line(data, at)
        if line is None or len(line) > _Y_LONGEST or line.startswith(b"=ybegin "):
            return None
        if line.startswith(b"=ypart "):
            continue
        if line.startswith(b"=yend "):
            break
        pieces.append(line)
    content = _y_decoded(b"".join(pieces))
    if name is None or not _y_fits(content, _fields(line)):
        return None
    part = b".part" + str(head[b"part"]).encode() if b"part" in head and head.get(b"total", 0) != 1 else b""
    return EncodedFile(name[1].strip().strip(b'"') + part, content), at


def _fields(line: bytes) -> dict[bytes, int]:
    found = _FIELD.findall(_NAME.sub(b"", line))
    return {key: int(value, 16 if b"crc" in key else 10) for key, value in found if _is_number(key, value)}


def _is_number(key: bytes, value: bytes) -> bool:
    return b"crc" in key or value.isdigit()


def _y_decoded(body: bytes) -> bytes:
    first, *escaped = body.split(b"=")
    pieces = [first.translate(_Y_SHIFT)]
    pieces += [each[:1].translate(_Y_ESCAPED).translate(_Y_SHIFT) + each[1:].translate(_Y_SHIFT) for each in escaped]
    return b"".join(pieces)


def _y_fits(content: bytes, end: dict[bytes, int]) -> bool:
    sum_told = end.get(b"pcrc32", end.get(b"crc32") if b"part" not in end else None)
    return end.get(b"size") == len(content) and (sum_told is None or sum_told == zlib.crc32(content))


def _line(data: bytes, at: int) -> tuple[bytes | None, int]:
    """The line there without its end, and where the next begins; None after the last."""
    if at >= len(data):
        return None, at
    newline = data.find(b"\n", at)
    end = newline if newline >= 0 else len(data)
    return data[at:end].removesuffix(b"\r"), end + 1
