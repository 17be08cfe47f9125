"""Addresses that are the desk's own: mail to them comes back to us, so that none of them is a customer's.

Who has such addresses, a channel, registers at start (`AppConfig.ready`) a function that knows them.
"""

from __future__ import annotations

from collections.abc import Callable

Knows = Callable[[str], bool]
_known: list[Knows] = []


def register(knows: Knows) -> None:
    """Have `knows(address)` asked whether the address, however it is written, is one of ours."""
    if knows not in _known:
        _known.append(knows)


def is_ours(address: str) -> bool:
    """Would a mail to this address come back to the desk?"""
    return any(knows(address) for knows in _known)
