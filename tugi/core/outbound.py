"""The one door for HTTP to places that somebody has typed in: an identity provider, a webhook.

Only public addresses are spoken to, and those that the one who runs the machine allows (`TUGI_OUTBOUND_ALLOW`). A name
is looked up once, and the line goes to the address that was checked. No redirect is followed, no proxy of the
environment is used, and neither time nor length of an answer is left to the other side.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlencode, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tugi.core import reasons
from tugi.core.reasons import reason

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
TIMEOUT_SECONDS = 8.0
DEADLINE_SECONDS = 15.0
LONGEST_ANSWER = 256 * 1024
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class OutboundError(Exception):
    """There was no conversation; `reason` says why, as `tugi.core.reasons.reason` makes it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.reason = why


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


def post_form(url: str, fields: Mapping[str, str]) -> Answer:
    """POST a form, and give the answer whatever its status is. Raises OutboundError.

    The scheme is https; without encryption only allowed addresses on this machine are spoken to.
    """
    place = _place(url)
    headers = {"Host": place.netloc, "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    host = place.hostname or ""
    try:
        with _line_to(place) as line:
            line.request("POST", _path(place), body=urlencode(fields), headers=headers)
            with line.getresponse() as answer:
                status, body = answer.status, answer.read(LONGEST_ANSWER + 1)
    except ssl.SSLError as error:
        raise OutboundError(reason("outbound.not_trusted", host=host)) from error
    except (OSError, http.client.HTTPException) as error:
        raise OutboundError(reason("outbound.unreachable", host=host)) from error
    if len(body) > LONGEST_ANSWER:
        raise OutboundError(reason("outbound.too_long", host=host))
    return Answer(status, body)


def may_be_asked(address: Address) -> bool:
    """Is this an address of the public internet, or one that is allowed here?"""
    if any(address.version == network.version and address in network for network in settings.OUTBOUND_ALLOW):
        return True
    inner = _inside(address)
    if inner is not None:
        return may_be_asked(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inside(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that a gateway would make of this one."""
    if not isinstance(address, ipaddress.IPv6Address):
        return None
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def _place(url: str) -> SplitResult:
    try:
        place = urlsplit(url)
        is_whole = place.scheme in ("https", "http") and place.hostname and place.port != 0
    except ValueError:
        is_whole = False
    if not is_whole or place.username is not None or place.password is not None or not url.isprintable():
        raise OutboundError(reason("outbound.no_url"))
    return place


def _path(place: SplitResult) -> str:
    return (place.path or "/") + (f"?{place.query}" if place.query else "")


@contextmanager
def _line_to(place: SplitResult) -> Iterator[http.client.HTTPConnection]:
    """A connection that ends at the deadline, whatever the other side does."""
    host, port = place.hostname or "", place.port or (443 if place.scheme == "https" else 80)
    address = _checked(host, port, is_plain=place.scheme == "http")
    line = http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
    watchdog = threading.Timer(DEADLINE_SECONDS, _cut, [line])
    watchdog.daemon = True
    watchdog.start()
    try:
        line.sock = socket.create_connection((str(address), port), timeout=TIMEOUT_SECONDS)
        if place.scheme == "https":
            context = ssl.create_default_context()
            line.sock = secured = context.wrap_socket(line.sock, server_hostname=host, do_handshake_on_connect=False)
            secured.do_handshake()
        yield line
    finally:
        watchdog.cancel()
        line.close()


def _cut(line: http.client.HTTPConnection) -> None:
    if line.sock is not None:
        with suppress(OSError):
            line.sock.shutdown(socket.SHUT_RDWR)


def _checked(host: str, port: int, *, is_plain: bool) -> Address:
    """The address of this name. Raises OutboundError if one of those it has may not be asked."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise OutboundError(reason("outbound.unknown_host", host=host)) from error
    addresses = [ipaddress.ip_address(str(where[0]).partition("%")[0]) for *_kind, where in found]
    if not all(map(may_be_asked, addresses)) or (is_plain and not all(each.is_loopback for each in addresses)):
        raise OutboundError(reason("outbound.not_allowed", host=host))
    return addresses[0]


reasons.register("outbound.no_url", _("This is no address that begins with https://."))
reasons.register(
    "outbound.not_allowed",
    _("%(host)s is not an address on the public internet. If it is meant, allow it with TUGI_OUTBOUND_ALLOW."),
)
reasons.register("outbound.not_trusted", _("The certificate of %(host)s cannot be trusted, so nothing was sent to it."))
reasons.register("outbound.too_long", _("%(host)s answered far too much."))
reasons.register("outbound.unknown_host", _("There is no server called “%(host)s”. Check the name."))
reasons.register("outbound.unreachable", _("%(host)s did not answer as it should."))
