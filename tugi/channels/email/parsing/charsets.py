"""From bytes to text, whatever the mail says about its charset. Never fails, never drops a line.

The declared name is read with its real superset (a Chinese "gb2312" is GB 18030, a Western "iso-8859-1" is cp1252).
Where it is wrong, missing or unknown: UTF-8 if the bytes are that, else a guess, else cp1252.
"""

from __future__ import annotations

import codecs
import re
from encodings.aliases import aliases as _python_aliases

from tugi.channels.email.parsing.guessing import guess

_SUPERSETS = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb_2312_80": "gb18030", "cp936": "gb18030", "x_gbk": "gb18030",
    "hz_gb_2312": "hz", "big5": "big5hkscs", "cn_big5": "big5hkscs", "x_x_big5": "big5hkscs", "cp950": "big5hkscs",
    "ks_c_5601_1987": "cp949", "ks_c_5601": "cp949", "ksc5601": "cp949", "ks_c_5601_1989": "cp949",
    "euc_kr": "cp949", "ksc_5601": "cp949", "x_windows_949": "cp949",
    "shift_jis": "cp932", "sjis": "cp932", "x_sjis": "cp932", "shift_jisx0213": "cp932", "windows_31j": "cp932",
    "ms_kanji": "cp932",
    "iso_8859_1": "cp1252", "latin1": "cp1252", "latin_1": "cp1252", "l1": "cp1252", "iso8859_1": "cp1252",
    "us_ascii": "ascii", "ansi_x3.4_1968": "ascii", "646": "ascii",
    "iso_8859_9": "cp1254", "iso8859_9": "cp1254", "latin5": "cp1254",
    "iso_8859_11": "cp874", "iso8859_11": "cp874", "tis_620": "cp874",
    "iso_8859_8_i": "cp1255", "iso_8859_8_e": "iso8859_8", "iso_8859_6_i": "iso8859_6", "iso_8859_6_e": "iso8859_6",
    "iso_8859_8": "cp1255", "iso8859_8": "cp1255",
    "unicode_1_1_utf_7": "utf_7", "utf8mb4": "utf_8", "utf_8_sig": "utf_8", "unicode_1_1_utf_8": "utf_8",
    "x_unicode_2_0_utf_8": "utf_8", "x_utf_8": "utf_8", "utf": "utf_8",
    "x_mac_roman": "mac_roman", "macintosh": "mac_roman", "x_mac_cyrillic": "mac_cyrillic", "x_mac_ce": "mac_latin2",
    "koi8": "koi8_r", "koi": "koi8_r", "cskoi8r": "koi8_r", "x_cp1251": "cp1251", "cyrillic": "iso8859_5",
}  # fmt: skip
_ONE_BYTE = re.compile(r"cp125\d|iso8859_\d+|latin_?\d+|mac_\w+|ascii|cp8\d\d|cp437|hp_roman8")
_BAD_CODECS = {
    "idna",
    "punycode",
    "unicode_escape",
    "raw_unicode_escape",
    "undefined",
    "mbcs",
    "oem",
    "unicode_internal",
}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]*")
_CP = re.compile(r"(?:x_)?(?:windows|win|cp|ms|ibm|dos|x_cp)_?_?(\d{3,4})")
_KNOWN = {*_python_aliases, *_python_aliases.values()} - _BAD_CODECS


def decode(data: bytes, declared: str = "", hint: str = "") -> tuple[str, bool]:
    """The text of the bytes, and whether the declared charset had to be set aside.

    `hint` is another charset of the same mail, asked when the declared one does not help.
    """
    codec = known_codec(declared)
    if codec == "ascii" and data.isascii() and b"\x1b" not in data and b"~{" not in data:
        return data.decode("ascii"), False
    if codec and codec != "ascii" and (text := _as_declared(data, codec)) is not None:
        return text, False
    return _undeclared(data, codec, hint), bool(declared) or not data.isascii()


def known_codec(name: str) -> str:
    """Python's name of the codec that really reads this charset; empty if the name says nothing."""
    match = _NAME.search(name.partition("(")[0][:80])
    if not match:
        return ""
    key = re.sub(r"[^a-z0-9.]+", "_", match[0].lower()).strip("_")
    if page := _CP.fullmatch(key):
        key = f"cp{page[1]}"
    key = _SUPERSETS.get(key, key)
    key = key.removeprefix("cs") if key.startswith("csiso") else key
    iso = re.fullmatch(r"iso_?8859_?(\d{1,2})", key)
    key = f"iso8859_{iso[1]}" if iso else key
    if key.startswith(("iso_2022_jp", "iso2022_jp", "csiso2022jp", "cp50220", "cp50221")):
        return "iso2022_jp"
    return _python_name(key)


def _python_name(key: str) -> str:
    found = key if key in _KNOWN else _python_aliases.get(key, "")
    if not found and key not in _BAD_CODECS and re.fullmatch(r"utf_\d+(?:_[bl]e)?|cp\d+|koi8_[rut]|hz", key):
        found = key
    try:
        name = codecs.lookup(found).name.replace("-", "_") if found else ""
    except LookupError:
        return ""
    name = _SUPERSETS.get(name, name)
    return "" if name in _BAD_CODECS or not _is_text(name) else name


def _is_text(name: str) -> bool:
    return bool(name) and getattr(codecs.lookup(name), "_is_text_encoding", True)


def _as_declared(data: bytes, codec: str) -> str | None:
    if codec == "iso2022_jp":
        return decode_iso2022_jp(data)
    if _ONE_BYTE.fullmatch(codec) and _surely_utf8(data):
        return None
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError):
        pass
    if codec == "utf_8":
        return _broken_utf8(data)
    text = data.decode(codec, "replace")
    return text if text.count("\ufffd") * 20 <= len(text) else None


def _surely_utf8(data: bytes) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return len(data) - len(text) >= 2


def _broken_utf8(data: bytes) -> str | None:
    """UTF-8 with some bytes wrong or cut is still UTF-8; None if most of it is not."""
    text = data.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    right = sum(len(run) for run in re.findall("[\u0080-\ufffc\U00010000-\U0010ffff]+", text))
    return text if wrong <= right // 2 else None


def _undeclared(data: bytes, codec: str, hint: str) -> str:
    if b"\x1b$" in data or b"\x1b(J" in data:
        return decode_iso2022_jp(data)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    if (text := _strict(data, "utf-8")) is not None:
        return text
    second = known_codec(hint)
    if second not in ("", "ascii", codec, "utf_8") and (text := _strict(data, second)) is not None:
        return text
    found = guess(data)
    if (text := _broken_utf8(data)) is not None and not found:
        return text
    return data.decode(found or "cp1252", "replace")


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError):
        return None


_ESCAPE = re.compile(rb"\x1b(\$@|\$B|\$\(D|\(B|\(J|\(I|\$A|\$\(C|\(H)")


def decode_iso2022_jp(data: bytes) -> str:
    """ISO-2022-JP with the rows of NEC and IBM (circled numbers, (株), rare names), as Japanese mailers write it."""
    pieces = _ESCAPE.split(data)
    text = [_plain_or_8bit(pieces[0])]
    for mode, chunk in zip(pieces[1::2], pieces[2::2], strict=True):
        if mode in (b"$B", b"$@"):
            text.append(_jis_rows(chunk))
        elif mode == b"(I":
            text.append(bytes(byte | 0x80 for byte in chunk).decode("cp932", "replace"))
        elif mode in (b"$A", b"$(C", b"$(D"):
            text.append((b"\x1b" + mode + chunk + b"\x1b(B").decode("iso2022_jp_2", "replace"))
        else:
            text.append(_plain_or_8bit(chunk))
    return "".join(text)


def _plain_or_8bit(chunk: bytes) -> str:
    return chunk.decode("ascii") if chunk.isascii() else chunk.decode("cp932", "replace")


def _jis_rows(chunk: bytes) -> str:
    """Two bytes a character, moved to Shift-JIS, whose Windows table knows the extensions; line ends pass."""
    out = bytearray()
    at = 0
    while at + 1 < len(chunk):
        row, cell = chunk[at] & 0x7F, chunk[at + 1] & 0x7F
        if row < 0x21:
            out.append(row)
            at += 1
            continue
        lead = ((row - 0x21) >> 1) + 0x81
        cell += (0x7E if row % 2 == 0 else 0x1F) + (row % 2 == 1 and cell > 0x5F)
        out += bytes((lead + (0x40 if lead > 0x9F else 0), cell & 0xFF))
        at += 2
    if at < len(chunk) and chunk[at] < 0x21:
        out.append(chunk[at])
    return out.decode("cp932", "replace")
