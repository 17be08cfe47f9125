"""Does a mail hold something signed or encrypted? Only asked here; it is opened elsewhere, where keys may be."""

from __future__ import annotations

from tugi.channels.email.parsing.mime import Part

CMS_TYPES = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_TYPES = (
    *CMS_TYPES, "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-encrypted",
    "application/pgp-signature", "multipart/signed", "multipart/encrypted",
)  # fmt: skip
ARMOR = (b"-----BEGIN PGP MESSAGE-----", b"-----BEGIN PGP SIGNED MESSAGE-----")
_MOST_LOOKED_AT = 200_000


def is_protected(root: Part) -> bool:
    """By the types of its parts, or by armour in a text."""
    return any(part.type in _TYPES or (part.type == "text/plain" and _is_armored(part)) for part in root.walk())


def _is_armored(part: Part) -> bool:
    end = min(part.end, part.start + _MOST_LOOKED_AT)
    return any(part.raw.find(mark, part.start, end) >= 0 for mark in ARMOR)
