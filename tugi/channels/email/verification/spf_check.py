"""Whether the domain in the envelope lets this machine send for it (RFC 7208)."""

from __future__ import annotations

import ipaddress
from typing import Any

import spf

from tugi.channels.email.verification.resolving import Resolver, Trouble


def sending_domain(envelope_from: str, peer: str, resolver: Resolver) -> str:
    """The envelope's domain if SPF passes for it, else nothing. Raises Trouble if DNS had no answer."""
    domain = envelope_from.rpartition("@")[2].lower().rstrip(".")
    address = _address(peer)
    if not domain or not address or not domain.isascii():
        return ""
    try:
        result = _Query(resolver, address, envelope_from, domain).check()[0]
    except Trouble:
        raise
    except Exception:  # noqa: BLE001 - a record that the library stumbles over proves nothing
        return ""
    if result == "temperror":
        raise Trouble(domain)
    return domain if result == "pass" else ""


def _address(peer: str) -> str:
    try:
        address = ipaddress.ip_address(peer.partition("%")[0])
    except ValueError:
        return ""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)


class _Query(spf.query):  # type: ignore[misc]
    """The library's evaluation of a record, asking our resolver, which follows aliases by itself."""

    def __init__(self, resolver: Resolver, address: str, envelope_from: str, domain: str) -> None:
        super().__init__(i=address, s=envelope_from, h=domain, strict=True)
        self._resolver = resolver

    def dns(self, name: str, qtype: str, cnames: Any = None, ignore_void: bool = False) -> list[Any]:
        found = [_plain(record, qtype) for record in self._resolver.records(str(name).rstrip("."), qtype)]
        if not found and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > spf.MAX_VOID_LOOKUPS:
                raise spf.PermError("too many names that do not exist")
        return found


def _plain(record: Any, kind: str) -> Any:
    """A record as the library wants it."""
    if kind in ("A", "AAAA"):
        return record.address
    if kind == "MX":
        return (record.preference, record.exchange.to_text(True))
    if kind == "PTR":
        return record.target.to_text(True)
    return record.strings
