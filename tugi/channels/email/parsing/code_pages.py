"""Microsoft's numbers of charsets, as Python's codecs."""

from __future__ import annotations

from tugi.channels.email.parsing.charsets import known_codec

_OTHERS = {
    20127: "ascii", 20866: "koi8_r", 21866: "koi8_u", 50220: "iso2022_jp", 50221: "iso2022_jp", 50222: "iso2022_jp",
    50225: "iso2022_kr", 51932: "euc_jp", 51949: "cp949", 52936: "hz", 54936: "gb18030", 10000: "mac_roman",
    10007: "mac_cyrillic", 65000: "utf_7", 65001: "utf_8", 1200: "utf_16_le",
}  # fmt: skip


def codec_of_page(page: int) -> str:
    """Empty for a number that nobody knows."""
    if 28591 <= page <= 28605:
        return known_codec(f"iso-8859-{page - 28590}") or ""
    return _OTHERS.get(page) or (known_codec(f"cp{page}") or "" if page > 0 else "")
