"""Content-Type and Content-Disposition: value and parameters (RFC 2045, RFC 2231), as forgiving as mail needs."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from tugi.channels.email.parsing.charsets import decode
from tugi.channels.email.parsing.headers import Headers, decode_text

_TYPE = re.compile(r"\s*([a-z0-9!#$&^_.+-]{1,100})\s*/\s*([a-z0-9!#$&^_.+-]{1,100})", re.IGNORECASE)
_PARAM = re.compile(r"""([^\s=;:"]{1,100}+)\s*+=\s*+(?:"((?:[^"\\]|\\.)*+)"|"([^";]*+)|([^;"]*+))""", re.DOTALL)
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,6}))?(\*)?")
_MOST = 2_000


def content_type(headers: Headers, default: str) -> tuple[str, dict[str, str]]:
    """Type in lower case and parameters; the default if the field is missing or says nothing."""
    raw = headers.first("content-type")
    value = without_comments(_as_text(raw))
    match = _TYPE.match(value)
    if match:
        return f"{match[1]}/{match[2]}".lower(), parameters(value[match.end() :])
    word = value.strip().partition(";")[0].strip().lower()
    kind = {"text": "text/plain", "html": "text/html", "plain": "text/plain"}.get(word, default if not word else "")
    return kind or "application/octet-stream", parameters(value.partition(";")[2])


def disposition(headers: Headers) -> tuple[str, dict[str, str]]:
    """`attachment`, `inline`, another word or empty, and the parameters."""
    value = _as_text(headers.first("content-disposition"))
    word, _, rest = value.partition(";")
    if "=" in word:
        return "", parameters(value)
    return word.strip().strip('"').lower(), parameters(rest)


def without_comments(value: str) -> str:
    """The value without RFC 822 comments; parentheses in quotes stay."""
    if "(" not in value:
        return value
    kept: list[str] = []
    depth, quoted = 0, False
    for letter in value:
        if letter == '"' and not depth:
            quoted = not quoted
        if letter == "(" and not quoted:
            depth += 1
        elif letter == ")" and depth:
            depth -= 1
        elif not depth:
            kept.append(letter)
    return "".join(kept) if not depth else value


def parameters(text: str) -> dict[str, str]:
    """Names in lower case to values, continuations joined in the order of their numbers, charsets decoded."""
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for count, match in enumerate(_PARAM.finditer(text)):
        if count >= _MOST * 10:
            break
        value = re.sub(r"\\([\"\\])", r"\1", match[2]) if match[2] is not None else (match[3] or match[4] or "").strip()
        name = _SECTION.fullmatch(match[1].lower())
        if name is None or (name[2] is None and not name[3]):
            plain.setdefault(match[1].lower(), value)
        else:
            sections.setdefault(name[1], {}).setdefault(int(name[2] or 0), (value, bool(name[3])))
    return plain | {name: _join(pieces) for name, pieces in sections.items()}


def _join(pieces: dict[int, tuple[str, bool]]) -> str:
    """RFC 2231: percent-encoded and plain sections to one text. The charset stands in front of the first."""
    charset = ""
    data: list[bytes] = []
    for order, number in enumerate(sorted(pieces)):
        value, encoded = pieces[number]
        if encoded and order == 0 and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
        raw = value.encode("utf-8", "surrogateescape")
        data.append(unquote_to_bytes(raw) if encoded else raw)
    joined = b"".join(data)
    if not charset and b"=?" in joined:
        return decode_text(joined)
    return decode(joined, charset or "utf-8")[0]


def _as_text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
