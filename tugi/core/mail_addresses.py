"""Mail addresses: reading address lists as they come, comparing, and writing them into headers.

Reading never fails: what cannot be an address is kept and says so by `is_valid`. The structure of a list is read
before encoded words are decoded, so that a decoded word never makes an address (RFC 5322, 3.4; RFC 2047, 5).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from email.header import Header
from functools import lru_cache

from tugi.core.text import shorten, single_line

_SPECIAL = re.compile(r'=\?[\w*-]{1,60}\?[bBqQ]\?[^?\s"<>]{0,500}+\?=|[",;:<(]')
_LOCAL = re.compile(r"[^\s\x00-\x20\x7f\"(),:;<>@\[\\\]]{1,64}")
_QUOTED_LOCAL = re.compile(r'"[^"\\\x00-\x1f]{1,62}"')
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE)
_LITERAL = re.compile(r"\[[0-9a-fA-F.:IPv]{3,60}\]")
_LONGEST = 320
LONGEST_NAME = 200
"""That is written into a header."""


@dataclass(frozen=True)
class Address:
    """A name (may be empty) and an address. Neither can hold a line break, whoever makes it."""

    name: str
    addr: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", single_line(self.name))
        object.__setattr__(self, "addr", single_line(self.addr))

    @property
    def local(self) -> str:
        return self.addr.rpartition("@")[0]

    @property
    def domain(self) -> str:
        return self.addr.rpartition("@")[2]

    @property
    def key(self) -> str:
        """What two spellings of one address share: lower case, the domain in ASCII."""
        return address_key(self.addr)

    @property
    def plus(self) -> str:
        """What stands behind the first plus sign of the local part, as it was written; empty without one."""
        return self.local.partition("+")[2]

    @property
    def is_valid(self) -> bool:
        return is_address(self.addr)

    def without_plus(self) -> Address:
        return replace(self, addr=f"{self.local.partition('+')[0]}@{self.domain}") if self.plus else self

    def __str__(self) -> str:
        return format_address(self)


def parse_addresses(text: str, decode: Callable[[str], str] = str, limit: int = 500) -> list[Address]:
    """The addresses of a header's value, unfolded but with its encoded words still encoded.

    `decode` is applied to names and comments only. Entries without anything like an address are left out; an entry
    with a broken address is kept. Groups are dissolved.
    """
    found: list[Address] = []
    for name, addr in _entries(text):
        cleaned = clean_address(addr)
        if cleaned and cleaned != "@":
            found.append(Address(_unquoted(decode(name)), cleaned))
        if len(found) >= limit:
            break
    return found


def _unquoted(name: str) -> str:
    """Without quotes around it, Outlook's single ones too; one that has no partner belongs to the name."""
    name = name.strip(' "')
    return name[1:-1].strip() if len(name) > 1 and name[0] == name[-1] == "'" else name


def parse_address(text: str) -> Address | None:
    """The first usable address of the text, else the first at all, else None."""
    found = parse_addresses(text, limit=10)
    return next((each for each in found if each.is_valid), found[0] if found else None)


def clean_address(text: str) -> str:
    """The address without brackets, quotes, blanks, `mailto:`, a route, or dots at its end. May still be invalid."""
    text = single_line(text[: _LONGEST * 4]).strip(" <>'`,;")
    if text[:7].lower() == "mailto:":
        text = text[7:]
    if text.startswith("@") and ":" in text:
        text = text.rpartition(":")[2]
    local, at, domain = text.rpartition("@")
    local, domain = local.strip(), domain.strip(" .\"'")
    bare = local.strip('"')
    local = bare if _LOCAL.fullmatch(bare) else local
    return f"{local}{at}{domain}"[:_LONGEST]


def is_address(addr: str) -> bool:
    """Can mail be sent to this? (Syntax only. Encoded words, blanks and two `@` cannot.)"""
    local, at, domain = addr.rpartition("@")
    if not at or len(addr) > _LONGEST or "=?" in addr:
        return False
    if not (_LOCAL.fullmatch(local) or _QUOTED_LOCAL.fullmatch(local)):
        return False
    ascii_domain = domain_to_ascii(domain)
    if _LITERAL.fullmatch(domain):
        return True
    return len(ascii_domain) <= 253 and all(_LABEL.fullmatch(label) for label in ascii_domain.split("."))


@lru_cache(maxsize=4096)
def address_key(addr: str) -> str:
    """What two spellings of one address share: lower case, the domain in ASCII."""
    local, at, domain = clean_address(addr).rpartition("@")
    return f"{local.lower()}{at}{domain_to_ascii(domain)}"


def same_address(one: str | Address, other: str | Address) -> bool:
    """Do the two reach the same mailbox? Case and the spelling of the domain do not matter, the plus part does."""
    first, second = (each.addr if isinstance(each, Address) else each for each in (one, other))
    return address_key(first) == address_key(second)


def domain_to_ascii(domain: str) -> str:
    """The domain in lower case as DNS knows it (`xn--…`); unchanged if it has no such form."""
    domain = domain.lower().rstrip(".")
    if domain.isascii() or len(domain) > 253:
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def domain_to_unicode(domain: str) -> str:
    """The domain as people read it; unchanged if it has no such form."""
    if "xn--" not in domain.lower() or len(domain) > 253:
        return domain
    try:
        return domain.lower().encode("ascii").decode("idna")
    except UnicodeError:
        return domain


def format_address(address: Address) -> str:
    """The address for a header, in ASCII but for a local part that is not; the name quoted or encoded as
    needed, and cut where it is no name any more: encoding takes time with the square of it."""
    local, at, domain = address.addr.rpartition("@")
    addr = f"{local}{at}{domain_to_ascii(domain)}"
    if not address.name:
        return addr
    name = shorten(address.name, LONGEST_NAME)
    if not name.isascii():
        return f"{Header(name, 'utf-8', maxlinelen=10_000).encode(maxlinelen=0)} <{addr}>"
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{addr}>'


def _entries(text: str) -> Iterator[tuple[str, str]]:
    """(name, address) for each entry between commas, semicolons and the borders of groups."""
    reader = _Reader(text)
    while not reader.at_end:
        yield from reader.entry()


class _Reader:
    """Goes once over an address list. A quote, comment or bracket that never closes is taken for itself, once."""

    def __init__(self, text: str) -> None:
        self.text = text.replace(_QUOTED, "")
        self.at = 0
        self.unclosed: set[str] = set()

    @property
    def at_end(self) -> bool:
        return self.at >= len(self.text)

    def entry(self) -> Iterator[tuple[str, str]]:
        words: list[str] = []
        comments: list[str] = []
        angles: list[str] = []
        while not self.at_end:
            match = _SPECIAL.search(self.text, self.at)
            words.append(self.text[self.at : match.start() if match else None])
            self.at = match.end() if match else len(self.text)
            mark = match[0] if match else ","
            if mark in ",;":
                break
            if mark[0] == "=":
                words.append(mark)
                continue
            if mark == ":":
                self._colon(words, angles)
            elif mark == "<":
                angles.append(self._angle())
            else:
                (words if mark == '"' else comments).append(self._quoted() if mark == '"' else self._comment())
        yield from _mailboxes(words, comments, angles)

    def _colon(self, words: list[str], angles: list[str]) -> None:
        name = "".join(words)
        if "@" not in name and not angles and name.strip().lower() != "mailto":
            words.clear()
        else:
            words.append(":")

    def _angle(self) -> str:
        end = self.text.find(">", self.at)
        if end < 0:
            comma = self.text.find(",", self.at)
            end = comma if comma >= 0 else len(self.text)
        inner = self.text[self.at : end]
        self.at = end + (self.text[end : end + 1] == ">")
        return inner.rpartition("<")[2]

    def _quoted(self) -> str:
        if '"' in self.unclosed:
            return '"'
        at = self.at
        letters: list[str] = []
        while at < len(self.text):
            letter = self.text[at]
            if letter == '"':
                self.at = at + 1
                return _QUOTED + "".join(letters) + _QUOTED
            at += letter == "\\"
            letters.append(self.text[at : at + 1])
            at += 1
        self.unclosed.add('"')
        return '"'

    def _comment(self) -> str:
        if "(" in self.unclosed:
            return "("
        at, depth = self.at, 1
        while at < len(self.text):
            letter = self.text[at]
            depth += (letter == "(") - (letter == ")")
            if not depth:
                inner = self.text[self.at : at]
                self.at = at + 1
                return inner
            at += 1 + (letter == "\\")
        self.unclosed.add("(")
        return "("


_QUOTED = "\ue000"
"""Marks the borders of a quoted string between reading and judging it; private use, taken out again."""
_QUOTED_PART = re.compile(f"{_QUOTED}([^{_QUOTED}]{{1,64}}){_QUOTED}@([^ {_QUOTED}]+)")


def _mailboxes(words: list[str], comments: list[str], angles: list[str]) -> Iterator[tuple[str, str]]:
    phrase = " ".join("".join(words).split()).strip("<> ")
    comment = " ".join(comments).strip()
    name = " ".join(phrase.replace(_QUOTED, " ").split())
    if angles:
        usable = next((each for each in angles if "@" in each), angles[0])
        yield name or comment, usable
    elif "@" in phrase:
        beside, addr = _address_in(phrase)
        yield comment or beside, addr


def _address_in(phrase: str) -> tuple[str, str]:
    """The name beside, and the first word with an `@` in it, which may be blank-separated or have a quoted part."""
    joined = re.sub(r" ?@ ?", "@", phrase)
    quoted = _QUOTED_PART.search(joined)
    if quoted:
        return "", f'"{quoted[1]}"@{quoted[2]}'
    tokens = joined.replace(_QUOTED, " ").split()
    addr = next((each for each in tokens if "@" in each.strip("@")), joined)
    return " ".join(each for each in tokens if "@" not in each), addr
