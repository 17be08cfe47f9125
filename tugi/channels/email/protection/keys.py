"""Keys of a mailbox as they are handed to the process that opens mail, and what a key says of itself. Plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tugi.core.protection import Layer

LARGEST_KEY = 1_000_000


class KeyRefused(Exception):
    """A key that cannot be used; `reason` is a word: unreadable, passphrase, mismatch."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, repr=False)
class Key:
    """`public` is a certificate in PEM or armour; `private` is empty where only signatures are to be checked.

    An OpenPGP key stays closed by its own passphrase; one of S/MIME is PKCS #8 in PEM, opened.
    """

    system: str
    public: str
    private: str = ""
    passphrase: str = ""

    def to_data(self) -> dict[str, str]:
        return {"system": self.system, "public": self.public, "private": self.private, "passphrase": self.passphrase}


@dataclass(frozen=True)
class Inspected:
    """A key, fit to be stored, and what it says of itself."""

    key: Key
    fingerprint: str
    who: str
    addresses: tuple[str, ...]
    expires_at: datetime | None

    def to_data(self) -> dict[str, Any]:
        return {
            "key": self.key.to_data(),
            "fingerprint": self.fingerprint,
            "who": self.who,
            "addresses": list(self.addresses),
            "expires_at": self.expires_at.isoformat() if self.expires_at else None,
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Inspected:
        expires = datetime.fromisoformat(data["expires_at"]) if data["expires_at"] else None
        return cls(Key(**data["key"]), data["fingerprint"], data["who"], tuple(data["addresses"]), expires)


@dataclass(frozen=True)
class Opened:
    """`raw` is the mail as it is to be read, its own header above what was within; None if that is the mail itself."""

    raw: bytes | None
    layers: tuple[Layer, ...]
