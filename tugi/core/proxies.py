"""Who really asks, when a proxy stands between. Believes nothing that an untrusted peer says."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from tugi.core.environment import Network

# What a proxy may say about the client, as WSGI spells headers. From anybody else it is removed.
PROXY_HEADERS = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_SERVER",
    "HTTP_X_FORWARDED_SSL",
    "HTTP_X_FORWARDED_USER",
    "HTTP_X_REAL_IP",
    "HTTP_X_CLIENT_IP",
    "HTTP_CF_CONNECTING_IP",
    "HTTP_TRUE_CLIENT_IP",
)
# Identity and spoofed server values: no proxy of ours speaks these, so nobody is believed.
NEVER_BELIEVED = ("HTTP_REMOTE_USER", "HTTP_X_REMOTE_USER", "HTTP_X_FORWARDED_USER", "HTTP_X_FORWARDED_HOST")


def is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    """Whether this peer is one of the configured proxies."""
    parsed = parse(address)
    return parsed is not None and any(parsed in network for network in trusted)


def client_address(peer: str, forwarded_for: str, trusted: Sequence[Network]) -> str:
    """The rightmost address that is not one of our proxies; the peer where the chain makes no sense."""
    if not is_trusted(peer, trusted):
        return peer
    for word in reversed(forwarded_for.split(",")):
        parsed = parse(word.strip())
        if parsed is None:
            return peer
        if not any(parsed in network for network in trusted):
            return str(parsed)
    return peer


def parse(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address without port; IPv4 inside IPv6 as what it is."""
    try:
        address = ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address
