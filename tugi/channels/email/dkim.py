"""Signing our mails (DKIM, RFC 6376), so that others can see that they are ours and unchanged.

Ours, and not a library's, for its cost alone: the library that is kept computes RSA in Python, which takes longer
than all the rest of a mail. It checks, in tests, what is signed here.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tugi.core import clock

BITS = 2048
SIGNED = (
    "from", "to", "cc", "subject", "date", "message-id", "reply-to", "in-reply-to", "references", "mime-version",
    "content-type", "content-transfer-encoding", "auto-submitted", "list-unsubscribe", "list-unsubscribe-post",
)  # fmt: skip
SEALED = ("from", "to", "cc", "subject", "date", "reply-to")
"""Named once more than they are there: nobody can add another one later (RFC 6376 5.4.2)."""
_FOLD = re.compile(rb"\r\n(?=[ \t])")
_BLANKS = re.compile(rb"[ \t]+")
_BLANKS_AT_END = re.compile(rb"[ \t]+(?=\r\n)")


@dataclass(frozen=True)
class NewKey:
    """`private` is PEM, `public` what DNS is to say."""

    private: str
    public: str


def make_key() -> NewKey:
    """A key of the length that everybody can check; some refuse longer ones, and some know no other kind."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return NewKey(private.decode(), base64.b64encode(public).decode())


def sign(raw: bytes, *, domain: str, selector: str, private_key: str) -> bytes:
    """The mail, which has CRLF at its line ends, with a signature in front of it (relaxed/relaxed, rsa-sha256)."""
    head, _blank, body = raw.partition(b"\r\n\r\n")
    fields = _fields(head)
    names = [name for name in SIGNED if name in fields]
    signed = [*names, *SEALED]
    tags = {
        "v": "1", "a": "rsa-sha256", "c": "relaxed/relaxed", "d": domain, "s": selector,
        "t": str(int(clock.now().timestamp())), "h": ":".join(signed), "bh": _body_hash(body), "b": "",
    }  # fmt: skip
    unsigned = "DKIM-Signature: " + ";\r\n ".join(f"{tag}={_folded(value)}" for tag, value in tags.items())
    covered = b"".join(fields[name] for name in names) + _relaxed(unsigned.encode())[1].removesuffix(b"\r\n")
    signature = _loaded(private_key).sign(covered, padding.PKCS1v15(), hashes.SHA256())
    return f"{unsigned}{_folded(base64.b64encode(signature).decode())}\r\n".encode() + raw


def _fields(head: bytes) -> dict[str, bytes]:
    """The relaxed fields by name. Ours are there once each."""
    found: dict[str, bytes] = {}
    for field in re.split(rb"\r\n(?![ \t])", head):
        name, line = _relaxed(field)
        found[name] = line
    return found


def _relaxed(field: bytes) -> tuple[str, bytes]:
    """RFC 6376 3.4.2."""
    name, _colon, value = field.partition(b":")
    name = name.strip().lower()
    value = _BLANKS.sub(b" ", _FOLD.sub(b"", value)).strip()
    return name.decode("ascii", "replace"), name + b":" + value + b"\r\n"


def _body_hash(body: bytes) -> str:
    """Of the relaxed body, RFC 6376 3.4.4."""
    lines = _BLANKS.sub(b" ", body)
    lines = _BLANKS_AT_END.sub(b"", lines + b"\r\n").rstrip(b"\r\n ")
    return base64.b64encode(hashlib.sha256(lines + b"\r\n" if lines else b"").digest()).decode()


def _folded(value: str) -> str:
    """In pieces that fit on a line; blanks in these values count for nothing (RFC 6376 3.2)."""
    pieces = [value[at : at + 64] for at in range(0, len(value), 64)]
    return "\r\n ".join(pieces)


@lru_cache(maxsize=32)
def _loaded(private_key: str) -> rsa.RSAPrivateKey:
    """Kept: checking a key when it is loaded takes longer than a hundred signatures."""
    key = serialization.load_pem_private_key(private_key.encode(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key
