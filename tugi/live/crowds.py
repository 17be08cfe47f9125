"""How many sockets come from one address. A house of agents has hundreds at most; who opens more holds others out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings

from tugi.core.config import is_loopback
from tugi.core.proxies import client_address

MOST = 200


class Crowds:
    """The addresses behind the sockets of this process. Of one event loop, so without a lock."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    @contextmanager
    def one_more(self, address: str) -> Iterator[bool]:
        """False if there is no room for another socket of this address; else there is one more of them meanwhile.

        This machine has no limit: a proxy on it that nobody trusted yet speaks for everybody.
        """
        if self._counts[address] >= MOST and not is_loopback(address):
            yield False
            return
        self._counts[address] += 1
        try:
            yield True
        finally:
            self._counts[address] -= 1
            if not self._counts[address]:
                del self._counts[address]


def address_of(scope: Mapping[str, Any], headers: Mapping[str, str]) -> str:
    """Who really connects, when a trusted proxy stands between."""
    client = scope.get("client")
    peer = str(client[0]) if client else ""
    return client_address(peer, headers.get("x-forwarded-for", "").replace(";", ","), settings.TRUSTED_PROXIES)
