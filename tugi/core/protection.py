"""How a mail was signed or encrypted, and what came of looking: plain data, told in words where it is shown."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Layer:
    """One signature or one encryption.

    `system` is smime or openpgp, `kind` signed or encrypted. `state` of a signature: good (the key is known to the
    mailbox and of the sender's address), other_address, unknown (no key here vouches for it), expired, bad (changed
    on the way, or forged), unchecked. Of an encryption: opened, no_key, failed, unsupported. `who` is the key's owner
    as the key says, `fingerprint` the key's. `is_part` means that only a part of the mail is so.
    """

    system: str
    kind: str
    state: str
    who: str = ""
    fingerprint: str = ""
    is_part: bool = False

    @property
    def was_opened(self) -> bool:
        """Was it closed to all but the holder of a key, and is open here?"""
        return self.kind == "encrypted" and self.state == "opened"

    def to_data(self) -> dict[str, Any]:
        """What JSON can hold."""
        return asdict(self)
