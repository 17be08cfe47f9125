"""OpenPGP (RFC 9580, PGP/MIME: RFC 3156) by Sequoia: opening and checking, with keys in memory and no agent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import pysequoia
import pysequoia.packet

from tugi.channels.email.protection.keys import Key
from tugi.core.protection import Layer

# Sequoia's binding raises RuntimeError, with a stack in its words, and ValueError; both are only ever told as a state.
_ERRORS = (RuntimeError, ValueError, TypeError, OSError)
_NO_KEY = "No key to decrypt"
_Verify = Callable[["_Store"], pysequoia.Decrypted]


def open_encrypted(
    message: bytes, keys: Sequence[Key], sender: str, now: datetime
) -> tuple[bytes, list[Layer]] | Layer:
    """The content, how it was closed and who signed it; or only the first where it stays closed."""
    closed = Layer("openpgp", "encrypted", "no_key")
    for key in keys:
        if key.system != "openpgp" or not key.private:
            continue
        told = _told(key)
        try:
            decryptor = pysequoia.Tsk.from_bytes(key.private.encode()).decryptor(key.passphrase or None)
            content = pysequoia.decrypt(message, decryptor=decryptor).bytes
        except _ERRORS as error:
            if _NO_KEY not in str(error)[:200]:
                closed = Layer("openpgp", "encrypted", "failed", *told)
            continue
        opened = Layer("openpgp", "encrypted", "opened", *told)
        return content or b"", [opened, *_signatures_within(message, key, keys, sender, now)]
    return closed


def check_detached(content: bytes, signature: bytes, keys: Sequence[Key], sender: str, now: datetime) -> Layer:
    """What can be said of a signature that stands beside its content."""
    try:
        found = pysequoia.Sig.from_bytes(signature)
    except _ERRORS:
        return Layer("openpgp", "signed", "unchecked")

    def verify(store: _Store) -> pysequoia.Decrypted:
        return pysequoia.verify(bytes=content, store=store, signature=found)

    named = found.issuer_fingerprint or found.issuer_key_id or ""
    return _checked(verify, _Store(keys), named, sender, now) or Layer("openpgp", "signed", "unchecked", "", named)


def check_clear(message: bytes, keys: Sequence[Key], sender: str, now: datetime) -> tuple[bytes | None, Layer]:
    """A text in the frame of its signature (RFC 9580 7): the text, and what can be said of the signature."""
    store = _Store(keys)
    seen: list[pysequoia.Decrypted] = []

    def verify(store: _Store) -> pysequoia.Decrypted:
        seen.append(pysequoia.verify(bytes=message, store=store))
        return seen[-1]

    layer = _checked(verify, store, "", sender, now) or Layer("openpgp", "signed", "unchecked")
    return (seen[-1].bytes if seen else None), layer


class _Store:
    """Gives Sequoia the certificates that it asks for, and remembers which ids it asked for."""

    def __init__(self, keys: Sequence[Key]) -> None:
        self.certificates = [pysequoia.Cert.from_bytes(key.public.encode()) for key in keys if key.system == "openpgp"]
        self.asked: list[str] = []

    def __call__(self, ids: list[str]) -> list[pysequoia.Cert]:
        self.asked += ids
        return self.certificates

    def by(self, fingerprint: str) -> pysequoia.Cert | None:
        return next((each for each in self.certificates if each.fingerprint == fingerprint), None)

    def knows(self, key_id: str) -> bool:
        """Is it among the keys and subkeys of the mailbox's certificates?"""
        return any(key_id[-16:] in ids for ids in map(_key_ids, self.certificates))


def _key_ids(certificate: pysequoia.Cert) -> set[str]:
    packets = pysequoia.packet.PacketPile.from_bytes(bytes(certificate))
    return {each.key_id.lower() for each in packets if each.key_id} | {certificate.fingerprint[-16:]}


def _signatures_within(message: bytes, key: Key, keys: Sequence[Key], sender: str, now: datetime) -> list[Layer]:
    def verify(store: _Store) -> pysequoia.Decrypted:
        decryptor = pysequoia.Tsk.from_bytes(key.private.encode()).decryptor(key.passphrase or None)
        return pysequoia.decrypt(message, decryptor=decryptor, store=store)

    store = _Store(keys)
    layer = _checked(verify, store, "", sender, now)
    return [layer] if layer else []


def _checked(verify: _Verify, store: _Store, named: str, sender: str, now: datetime) -> Layer | None:
    """None if nothing was signed."""
    try:
        valid = verify(store).valid_sigs
    except _ERRORS as error:
        named = named or next(iter(store.asked), "")
        if "structure" in str(error)[:200]:
            return Layer("openpgp", "signed", "unchecked", "", named)
        if not named:
            return None
        return Layer("openpgp", "signed", "bad" if store.knows(named) else "unknown", "", named)
    if not valid:
        return None
    certificate = store.by(valid[0].certificate)
    if certificate is None:
        return Layer("openpgp", "signed", "unknown", "", valid[0].certificate)
    people = [str(each) for each in certificate.user_ids]
    is_his = any(f"<{sender.lower()}>" in each.lower() or each.lower() == sender.lower() for each in people)
    expires = certificate.expiration
    gone = certificate.is_revoked or (expires is not None and expires < now)
    state = "expired" if gone else "good" if sender and is_his else "other_address"
    return Layer("openpgp", "signed", state, next(iter(people), ""), certificate.fingerprint)


def _told(key: Key) -> tuple[str, str]:
    certificate = pysequoia.Cert.from_bytes(key.public.encode())
    return next((str(each) for each in certificate.user_ids), ""), certificate.fingerprint
