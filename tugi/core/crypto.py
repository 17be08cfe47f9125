"""Secrets at rest, keyed marks, random tokens. The only place that touches ciphers and keys.

Every key is derived for one purpose (HKDF, RFC 5869), so that what was made for one use opens
nothing of another. Ciphertext is AES-256-GCM (NIST SP 800-38D) and names the key that closed it;
it fails closed: what cannot be opened raises, and is never handed out as it is.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

VERSION = b"\x01"
KEY_ID_BYTES = 4
NONCE_BYTES = 12
HEADER_BYTES = len(VERSION) + KEY_ID_BYTES


class CryptoError(Exception):
    """Something secret cannot be closed or opened. Never holds the secret."""


class KeyMissing(CryptoError):
    """The key that closed this is not among the installation's keys."""


class Unreadable(CryptoError):
    """This was changed, cut short, made for another purpose, or is no ciphertext of ours."""


def encrypt(purpose: str, plain: bytes | str) -> str:
    """Close `plain` with the newest key; `purpose` must be given again to open it."""
    master = _newest(settings.KEYS.encryption_key)
    header = VERSION + key_id(master)
    nonce = os.urandom(NONCE_BYTES)
    sealed = _cipher(master, purpose).encrypt(nonce, _bytes(plain), header + purpose.encode())
    return base64.urlsafe_b64encode(header + nonce + sealed).decode()


def decrypt(purpose: str, text: str) -> bytes:
    """Open what `encrypt` closed for the same purpose. Raises KeyMissing or Unreadable."""
    try:
        data = base64.urlsafe_b64decode(text.encode())
    except (binascii.Error, UnicodeEncodeError) as error:
        raise Unreadable(f"The {purpose} is not encrypted text.") from error
    header, nonce, sealed = (
        data[:HEADER_BYTES],
        data[HEADER_BYTES:][:NONCE_BYTES],
        data[HEADER_BYTES + NONCE_BYTES :],
    )
    if header[:1] != VERSION or len(sealed) < 16:
        raise Unreadable(f"The {purpose} is not encrypted text.")
    master = _by_id(header[1:], purpose)
    try:
        return _cipher(master, purpose).decrypt(nonce, sealed, header + purpose.encode())
    except InvalidTag as error:
        raise Unreadable(f"The {purpose} was changed, or was made for something else.") from error


def decrypt_text(purpose: str, text: str) -> str:
    """As `decrypt`, for text."""
    return decrypt(purpose, text).decode()


def needs_renewal(text: str) -> bool:
    """Whether an older key than the newest closed this."""
    header = base64.urlsafe_b64decode(text.encode())[:HEADER_BYTES]
    return header[1:] != key_id(_newest(settings.KEYS.encryption_key))


def has_key_of(text: str) -> bool:
    """Whether the key that closed this is among the installation's keys."""
    try:
        header = base64.urlsafe_b64decode(text.encode())[:HEADER_BYTES]
    except (binascii.Error, UnicodeEncodeError):
        return False
    return header[1:] in {key_id(master) for master in settings.KEYS.encryption_key}


def mac(purpose: str, *parts: bytes | str) -> bytes:
    """32 bytes that only this installation can make of these parts (HMAC-SHA256, RFC 2104)."""
    return _mac(_newest(settings.KEYS.signing_key), purpose, parts)


def mac_matches(tag: bytes, purpose: str, *parts: bytes | str) -> bool:
    """Whether `tag` is the mark of these parts under the present key or an older one.

    `tag` may be cut short, to 10 bytes at the least, where room is dear (a mail address).
    """
    if not 10 <= len(tag) <= 32:
        return False
    marks = (_mac(master, purpose, parts)[: len(tag)] for master in settings.KEYS.signing_key)
    return any(hmac.compare_digest(mark, tag) for mark in marks)


def random_token(bits: int = 192) -> str:
    """Unguessable text, fit for a URL."""
    assert bits >= 128
    return secrets.token_urlsafe(bits // 8)


def token_hash(purpose: str, token: str) -> str:
    """What the database keeps of a token: it finds the row and does not open the door.

    Plain SHA-256 is enough over 128 random bits, and outlives a change of keys.
    """
    return hashlib.sha256(_framed(purpose, (token,))).hexdigest()


def key_id(master: str) -> bytes:
    """A short public name of a key."""
    return hashlib.sha256(b"tugi key id\0" + master.encode()).digest()[:KEY_ID_BYTES]


def self_test() -> None:
    """Close and open once, and see a forgery refused. Raises CryptoError."""
    probe = secrets.token_hex(8)
    if decrypt_text("self-test", encrypt("self-test", probe)) != probe:
        raise CryptoError("What was encrypted came back as something else.")
    try:
        decrypt("another purpose", encrypt("self-test", probe))
    except Unreadable:
        return
    raise CryptoError("A purpose does not keep its secrets to itself.")


def _newest(masters: tuple[str, ...]) -> str:
    if not masters:
        raise KeyMissing("This installation has no keys yet: `tugi serve` makes them on the first start.")
    return masters[0]


def _by_id(wanted: bytes, purpose: str) -> str:
    for master in settings.KEYS.encryption_key:
        if key_id(master) == wanted:
            return str(master)
    raise KeyMissing(f"The {purpose} was encrypted with key {wanted.hex()}, which is not here.")


@lru_cache(maxsize=256)
def _derived(master: str, use: str, purpose: str) -> bytes:
    info = _framed(use, (purpose,))
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(master.encode())


def _cipher(master: str, purpose: str) -> AESGCM:
    return AESGCM(_derived(master, "encrypt", purpose))


def _mac(master: str, purpose: str, parts: tuple[bytes | str, ...]) -> bytes:
    return hmac.digest(_derived(master, "mac", purpose), _framed(purpose, parts), "sha256")


def _framed(purpose: str, parts: tuple[bytes | str, ...]) -> bytes:
    # Each part carries its length: ("ab", "c") and ("a", "bc") are not the same.
    pieces = [_bytes(part) for part in (purpose, *parts)]
    return b"".join(len(piece).to_bytes(8, "big") + piece for piece in pieces)


def _bytes(value: bytes | str) -> bytes:
    return value.encode() if isinstance(value, str) else value
