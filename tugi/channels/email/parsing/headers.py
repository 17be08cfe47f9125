"""Header fields as bytes, and their texts: unfolding, encoded words (RFC 2047) and raw 8-bit values."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tugi.channels.email.parsing.charsets import decode, known_codec
from tugi.core.text import normalise, single_line

_FOLD = re.compile(rb"[\r\n]+[ \t]*")
_WORD_START = re.compile(rb"=\?([A-Za-z0-9_.:+()-]{1,60})(?:\*[A-Za-z0-9-]{0,40})?\?([bBqQ])\?")
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_LONGEST_WORD = 20_000


@dataclass
class Headers:
    """The fields of one part in their order; names in lower case, values as they came (folds inside)."""

    fields: list[tuple[str, bytes]] = field(default_factory=list)
    charset: str = ""
    """What raw 8-bit values are likely in: the charset that the text of the mail declares."""

    def all(self, name: str) -> list[bytes]:
        return [unfold(value) for key, value in self.fields if key == name]

    def first(self, name: str) -> bytes:
        return next((unfold(value) for key, value in self.fields if key == name), b"")

    def has(self, name: str) -> bool:
        return any(key == name for key, _ in self.fields)

    def text(self, name: str) -> str:
        """The first field of the name, decoded, on one line."""
        return decode_text(self.first(name), self.charset)

    def plain(self, name: str) -> str:
        """The first field of the name as it stands, encoded words untouched; for structure, ids and tokens."""
        return plain(self.first(name), self.charset)

    def plain_all(self, name: str) -> list[str]:
        return [plain(value, self.charset) for value in self.all(name)]


def unfold(value: bytes) -> bytes:
    return _FOLD.sub(b" ", value).strip() if b"\n" in value or b"\r" in value else value.strip()


def plain(value: bytes, charset: str = "") -> str:
    """The value as text without decoding its encoded words."""
    return single_line(value.decode("ascii") if value.isascii() else decode(value, "", charset)[0])


def decode_text(value: bytes | str, charset: str = "") -> str:
    """The value as people read it, on one line. Neighbouring words of one charset are joined as bytes first."""
    raw = value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value
    if b"=?" not in raw and raw.isascii() and b"\x1b" not in raw:
        return single_line(raw.decode("ascii"))
    return single_line("".join(_joined(_pieces(raw), charset)))


def decode_words(text: str) -> str:
    """For the names of addresses: text whose encoded words are still encoded."""
    return decode_text(text) if "=?" in text else normalise(text)


def _joined(pieces: Iterator[tuple[str | None, bytes]], charset: str) -> Iterator[str]:
    """Decodes runs of pieces; None as charset marks what stands between encoded words."""
    run_charset: str | None = None
    run = b""
    gap: bytes | None = None
    for codec, data in pieces:
        if codec is None and not data.strip():
            gap = data
            continue
        if codec != run_charset:
            yield _decode_run(run, run_charset, charset)
            if gap and (codec is None or run_charset is None):
                yield " "
            run_charset, run = codec, data
        else:
            run += data
        gap = None
    yield _decode_run(run, run_charset, charset)


def _decode_run(run: bytes, codec: str | None, charset: str) -> str:
    return decode(run, codec or "", charset)[0] if run else ""


def _pieces(raw: bytes) -> Iterator[tuple[str | None, bytes]]:
    """(charset, bytes) of each encoded word, (None, bytes) of what is between."""
    at = 0
    last_end = raw.rfind(b"?=")
    while match := _WORD_START.search(raw, at):
        start = match.end()
        end = raw.find(b"?=", start, start + _LONGEST_WORD) if start <= last_end else -1
        if end < 0 or b"=?" in raw[start:end].rstrip(b"="):
            if end < 0 and start > last_end:
                break
            yield None, raw[at:start]
            at = start
            continue
        if match.start() > at:
            yield None, raw[at : match.start()]
        name = match[1].decode("ascii").lower()
        yield known_codec(name) or name, _word_bytes(match[2], raw[start:end])
        at = end + 2
    if at < len(raw):
        yield None, raw[at:]


def _word_bytes(encoding: bytes, data: bytes) -> bytes:
    if encoding in b"qQ":
        return _HEX.sub(lambda found: bytes((int(found[1], 16),)), data.replace(b"_", b" "))
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    kept = kept[: len(kept) - 1] if len(kept) % 4 == 1 else kept
    try:
        return base64.b64decode(kept + b"=" * (-len(kept) % 4))
    except binascii.Error:
        return data
