r"""Rich Text Format in mail: unpacked (MS-OXRTFCP), and read as the HTML it wraps (MS-OXRTFEX) or as plain text.

Outlook writes a mail's HTML into RTF, marks it with \fromhtml1, and puts the tags into groups {\*\htmltag …}. Of other
RTF only the words are taken.
"""

from __future__ import annotations

import html
import re
import struct
from dataclasses import dataclass, field, replace

from tugi.channels.email.parsing.code_pages import codec_of_page

_HEADER = struct.Struct("<II4sI")
DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
"""What every packed text may refer to before it has said anything (MS-OXRTFCP 2.1.2.1)."""
_WINDOW = 4096
MOST_TOKENS = 200_000
_TOKEN = re.compile(
    rb"\\(?:(?P<word>[A-Za-z]{1,40})(?P<number>-?\d{1,10})?[ ]?|'(?P<hex>[0-9A-Fa-f]{2})|(?P<sign>[^A-Za-z']))"
    rb"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+",
)
_DEEPEST = 500
_SKIPPED = {
    b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer", b"headerl", b"headerr",
    b"footerl", b"footerr", b"ftnsep", b"xmlopen", b"themedata", b"datastore", b"listtable", b"listoverridetable",
    b"rsidtbl", b"generator", b"mmathPr", b"latentstyles", b"fldinst", b"bkmkstart", b"bkmkend",
}  # fmt: skip
_LETTERS = {
    b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"tab": "\t", b"cell": "\t",
    b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"endash": "–",
    b"emdash": "—", b"enspace": " ", b"emspace": " ",
}  # fmt: skip
_CHARSETS = {
    0: "cp1252", 1: "", 2: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5hkscs",
    161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
    222: "cp874", 238: "cp1250",
}  # fmt: skip


@dataclass(frozen=True)
class Words:
    html: str
    text: str


def decompress(data: bytes, limit: int) -> bytes | None:
    """The RTF within; None if this is no packed RTF. What is beyond `limit` bytes is left out."""
    if len(data) < _HEADER.size:
        return None
    _, size, kind, _ = _HEADER.unpack_from(data)
    size = min(size, limit)
    if kind == b"MELA":
        return data[_HEADER.size : _HEADER.size + size]
    return _unpack(data, size) if kind == b"LZFu" else None


def _unpack(data: bytes, size: int) -> bytes:
    """Literal bytes, and references into the window of the last 4,096, each with one bit that tells them apart."""
    out = bytearray(DICTIONARY)
    start, at = len(DICTIONARY), _HEADER.size
    while at < len(data) and len(out) - start < size:
        control = data[at]
        at += 1
        for bit in range(8):
            if not control >> bit & 1:
                out += data[at : at + 1]
                at += 1
                continue
            if at + 2 > len(data):
                return bytes(out[start : start + size])
            token = data[at] << 8 | data[at + 1]
            at += 2
            offset, length = token >> 4, (token & 15) + 2
            if offset == len(out) % _WINDOW:
                return bytes(out[start : start + size])
            _repeat(out, offset, length)
    return bytes(out[start : start + size])


def _repeat(out: bytearray, offset: int, length: int) -> None:
    """A reference may run into what it writes itself. The window's unwritten places hold zeroes."""
    back = (len(out) - offset) % _WINDOW or _WINDOW
    if back > len(out):
        out += bytes(length)
        return
    at = len(out) - back
    for _ in range(length):
        out.append(out[at])
        at += 1


def read_rtf(data: bytes) -> Words:
    """The words of an RTF text, and its HTML if it wraps some. Never raises; linear."""
    reader = _Reader(data)
    reader.run()
    said = "".join(reader.out).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if reader.wraps == "html":
        return Words(said, "")
    return Words("", said.strip("\n"))


@dataclass(frozen=True)
class _State:
    """What a brace opens and closes again."""

    skips: bool = False
    is_tag: bool = False
    is_hidden: bool = False
    in_fonts: bool = False
    codec: str = "cp1252"
    after_unicode: int = 1


@dataclass
class _Reader:
    data: bytes
    out: list[str] = field(default_factory=list)
    wraps: str = ""
    codec: str = "cp1252"
    fonts: dict[int, str] = field(default_factory=dict)
    font: int = 0
    state: _State = _State()
    stack: list[_State] = field(default_factory=list)
    too_deep: int = 0
    starts_group: bool = False
    is_optional: bool = False
    pending: bytearray = field(default_factory=bytearray)
    to_skip: int = 0

    def run(self) -> None:
        at = 0
        for _ in range(MOST_TOKENS):
            match = _TOKEN.match(self.data, at)
            if match is None:
                break
            at = match.end()
            kind = match.lastgroup
            if kind is None:
                continue
            if match["word"] is not None:
                at = self._word(match["word"], match["number"], at)
            elif kind == "hex":
                self._bytes(bytes.fromhex(match["hex"].decode("ascii")))
            elif kind == "text":
                self._bytes(match["text"])
            elif kind == "brace":
                self._brace(match["brace"])
            elif kind == "sign":
                self._sign(match["sign"])
            if kind != "sign" or match["sign"] != b"*":
                self.starts_group = match["brace"] == b"{"
                self.is_optional = self.is_optional and self.starts_group
        self._flush()

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self.to_skip = 0
        if brace == b"{":
            if len(self.stack) >= _DEEPEST:
                self.too_deep += 1
            else:
                self.stack.append(self.state)
        elif self.too_deep:
            self.too_deep -= 1
        elif self.stack:
            self.state = self.stack.pop()

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self.is_optional = self.starts_group
        elif sign in (b"\\", b"{", b"}"):
            self._bytes(sign)
        elif sign == b"~":
            self._say("\xa0")
        elif sign == b"_":
            self._say("-")
        elif sign in (b"\n", b"\r"):
            self._say("\n")

    def _word(self, word: bytes, digits: bytes | None, at: int) -> int:
        """Acts on one control word; returns where to read on."""
        number = int(digits) if digits else None
        if word == b"bin":
            return at + max(number or 0, 0)
        if self.is_optional or (self.starts_group and word in _SKIPPED):
            self._destination(word)
        elif word == b"fromhtml":
            self.wraps = "html" if number != 0 else self.wraps
        elif word == b"htmlrtf":
            self._change(is_hidden=number != 0)
        elif word == b"u" and number is not None:
            self._unicode(number)
        elif word in _LETTERS:
            self._say(_LETTERS[word])
        else:
            self._setting(word, number)
        return at

    def _destination(self, word: bytes) -> None:
        if word == b"htmltag":
            self._change(is_tag=True, is_hidden=False)
        elif word == b"fonttbl":
            self._change(skips=True, in_fonts=True)
        else:
            self._change(skips=True)

    def _setting(self, word: bytes, number: int | None) -> None:
        if word == b"ansicpg" and number:
            self.codec = codec_of_page(number) or self.codec
            self._use(self.codec)
        elif word == b"uc":
            self._change(after_unicode=min(max(number if number is not None else 1, 0), 8))
        elif word in (b"f", b"deff") and number is not None:
            self.font = number
            self._use(self.fonts.get(number, "") or self.codec)
        elif word == b"fcharset" and self.state.in_fonts and len(self.fonts) < 1_000:
            self.fonts[self.font] = _CHARSETS.get(number or 0, "")
        elif word == b"plain":
            self._use(self.codec)

    def _use(self, codec: str) -> None:
        if codec != self.state.codec:
            self._change(codec=codec)

    def _change(self, **wanted: bool | str | int) -> None:
        self._flush()
        self.state = replace(self.state, **wanted)  # type: ignore[arg-type]

    def _unicode(self, number: int) -> None:
        self._flush()
        code = number % 0x10000
        self._say(chr(code))
        self.to_skip = self.state.after_unicode

    def _bytes(self, data: bytes) -> None:
        skipped = min(self.to_skip, len(data))
        self.to_skip -= skipped
        if not self.is_silent:
            self.pending += data[skipped:]

    @property
    def is_silent(self) -> bool:
        return self.state.skips or (self.state.is_hidden and self.wraps == "html")

    def _say(self, text: str) -> None:
        self._flush()
        if not self.is_silent:
            self.out.append(html.escape(text, quote=False) if self._is_text_of_html else text)

    @property
    def _is_text_of_html(self) -> bool:
        return self.wraps == "html" and not self.state.is_tag

    def _flush(self) -> None:
        if self.pending:
            text = self.pending.decode(self.state.codec or self.codec, "replace")
            self.out.append(html.escape(text, quote=False) if self._is_text_of_html else text)
            self.pending.clear()
