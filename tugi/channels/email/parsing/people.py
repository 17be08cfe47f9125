"""Who the mail says it is from and to. Structure first, encoded words after, so that no name makes an address."""

from __future__ import annotations

import re

from tugi.channels.email.parsing.headers import Headers, decode_text
from tugi.channels.email.parsing.limits import Limits
from tugi.core.mail_addresses import Address, clean_address, is_address, parse_addresses

_FOR = re.compile(r"\bfor\s+<?([^\s<>;]{3,320})>?")
_ROUTE_HEADERS = (
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-delivered-to",
    "x-forwarded-to",
)


def addresses(headers: Headers, name: str, limits: Limits) -> tuple[Address, ...]:
    """All addresses of all fields of this name, each once, broken ones included."""
    found: list[Address] = []
    for value in headers.plain_all(name):
        found += parse_addresses(value, lambda word: decode_text(word, headers.charset), limits.addresses)
    unique = {each.key: each for each in reversed(found)}
    return tuple(each for each in found if unique.get(each.key) is each)[: limits.addresses]


def author(headers: Headers, limits: Limits) -> tuple[Address | None, list[str]]:
    """The first usable address of From, else of Reply-To, Return-Path, Sender; and what was odd about it."""
    problems: list[str] = []
    written = addresses(headers, "from", limits)
    if len([each for each in written if each.is_valid]) > 1:
        problems.append("from_several")
    if len(headers.all("from")) > 1:
        problems.append("from_twice")
    broken = next((each for each in written if not each.is_valid), None)
    for name in ("from", "reply-to", "return-path", "sender"):
        usable = next((each for each in addresses(headers, name, limits) if each.is_valid), None)
        if usable:
            problems += [f"from_{name}"] if name != "from" else []
            return _named(usable, headers, name), problems
    problems.append("from_broken" if broken else "from_missing")
    return broken, problems


def _named(address: Address, headers: Headers, name: str) -> Address:
    """With the name that a From without an address gives."""
    if name == "from" or address.name:
        return address
    given = decode_text(re.sub(r"<[^>]{0,500}>?", "", headers.plain("from")), headers.charset).strip(' "')
    return Address("" if "@" in given else given, address.addr)


def return_path(headers: Headers) -> str | None:
    """The envelope's sender: None without the header, empty for `<>`."""
    values = headers.plain_all("return-path")
    if not values:
        return None
    return clean_address(values[0])


def delivered_to(headers: Headers, limits: Limits) -> tuple[str, ...]:
    """The addresses by which the mail came, those of the last server first; broken ones left out."""
    found = [clean_address(value) for name in _ROUTE_HEADERS for value in headers.plain_all(name)]
    for value in headers.plain_all("received")[:50]:
        match = _FOR.search(value)
        found += [clean_address(match[1])] if match else []
    return tuple(dict.fromkeys(each for each in found if is_address(each)))[: limits.addresses]
