"""Which domains have signed a mail, word for word and as it is (RFC 6376).

Stricter than the standard where a signature would prove less than it seems to: one over a part of the body (`l=`), not
over From, by SHA-1 (RFC 8301) or with a key that its owner only tries out (`t=y`) counts as none.
"""

from __future__ import annotations

import re

import dkim
import dkim.util

from tugi.channels.email.verification.resolving import Resolver, Trouble

MOST_SIGNATURES = 5
MOST_BYTES = 60 * 1024 * 1024
"""Of all signatures of a mail together: a megabyte takes 50 ms."""
LONGEST_SIGNATURE = 4_096
LONGEST_HEAD = 256 * 1024
SMALLEST_KEY = 1024
_BLANKS = re.compile(rb"[ \t]+")
_TESTING = re.compile(rb"(?:^|;)\s*t\s*=\s*(?:[a-z]\s*:\s*)*y\s*(?::|;|$)", re.IGNORECASE)
_RELAXED_BODY = re.compile(rb"(?:^|;)\s*c\s*=\s*\w+\s*/\s*relaxed\s*(?:;|$)", re.IGNORECASE)


def signing_domains(raw: bytes, resolver: Resolver) -> list[str]:
    """The domains of the valid signatures, in lower case. Raises Trouble if none is valid and DNS had no answer."""
    head, body = _parted(raw)
    if len(head) > LONGEST_HEAD:
        return []
    found: list[str] = []
    trouble: Trouble | None = None
    most = max(1, min(MOST_SIGNATURES, MOST_BYTES // (len(body) or 1)))
    for index, value in enumerate(_signatures(head)[:most]):
        try:
            domain = _verified(head, _canonical(body, value), index, resolver) if _is_wanted(value) else ""
        except Trouble as error:
            trouble, domain = error, ""
        found += [domain] if domain else []
    if trouble is not None and not found:
        raise trouble
    return found


def _parted(raw: bytes) -> tuple[bytes, bytes]:
    """Head and body, all lines ended by CR LF as they were signed."""
    unified = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    head, _, body = unified.partition(b"\r\n\r\n")
    return head, body


def _signatures(head: bytes) -> list[bytes]:
    """The values of the signature fields, top down, as the library counts them."""
    try:
        fields, _body = dkim.rfc822_parse(head + b"\r\n\r\n")
    except (dkim.DKIMException, IndexError):
        return []
    return [value for name, value in fields if name.lower() == b"dkim-signature"]


def _is_wanted(value: bytes) -> bool:
    if len(value) > LONGEST_SIGNATURE:
        return False
    try:
        tags = dkim.util.parse_tag_value(value)
    except dkim.util.InvalidTagValueList:
        return False
    signed = {name.strip().lower() for name in tags.get(b"h", b"").split(b":")}
    return tags.get(b"a") == b"rsa-sha256" and b"l" not in tags and b"from" in signed


def _canonical(body: bytes, signature: bytes) -> bytes:
    """The body as the signature's algorithm makes it (RFC 6376 3.4): doing it twice changes nothing.

    Done here because the library's own takes time that grows with the square of a run of blanks.
    """
    if _RELAXED_BODY.search(signature):
        body = _BLANKS.sub(b" ", body).replace(b" \r\n", b"\r\n").removesuffix(b" ")
    end = len(body)
    while body.endswith(b"\r\n", 0, end):
        end -= 2
    return body[:end] + b"\r\n" if end else b""


def _verified(head: bytes, body: bytes, index: int, resolver: Resolver) -> str:
    """The signature's domain if it is valid, else nothing. Raises Trouble."""

    def key(name: bytes, timeout: int = 0) -> bytes | None:
        found = resolver.texts(name.decode("ascii"))
        return found[0] if len(found) == 1 and not _TESTING.search(found[0]) else None

    signed = dkim.DKIM(head + b"\r\n\r\n" + body, minkey=SMALLEST_KEY)
    try:
        is_valid = signed.verify(index, dnsfunc=key)
        return str(signed.domain, "ascii").lower().rstrip(".") if is_valid else ""
    except Trouble:
        raise
    except Exception:  # noqa: BLE001 - a signature that the library stumbles over proves nothing
        return ""
