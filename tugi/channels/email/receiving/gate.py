"""Who may talk to the listener, and how much: so that one client cannot keep the others out.

Counted in this process, for it is this process that is to be spared; nothing here asks the database.
"""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tugi.core.environment import Network

MINUTE = 60.0
MOST_REMEMBERED = 10_000
"""Peers; who was quiet longest is forgotten first."""
Counted = Literal["connections", "mails", "unknown"]
FREE = ""
"""The peer of whom nothing is counted: our own mail servers."""


@dataclass(frozen=True)
class Limits:
    """What the listener bears. `connections`, `mails` and `unknown` recipients are of one peer in one minute."""

    open: int = 100
    open_of_one: int = 20
    connections: int = 60
    mails: int = 120
    unknown: int = 30
    idle_seconds: float = 120.0
    grace_seconds: float = 300.0
    """How long a mail may take however slow it comes; then it must have come at `slowest` bytes a second."""
    slowest: int = 1024


@dataclass
class Bucket:
    """Fills evenly within a minute to `most`; each act takes one."""

    most: int
    tokens: float
    filled_at: float

    def take(self, now: float) -> bool:
        self.tokens = min(self.tokens + (now - self.filled_at) * self.most / MINUTE, self.most)
        self.filled_at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


@dataclass
class Gate:
    """Counts the open connections, and what each peer does. Addresses in `free` are counted only in all."""

    limits: Limits = field(default_factory=Limits)
    free: Sequence[Network] = ()
    now: Callable[[], float] = time.monotonic
    open_now: int = 0
    _open: dict[str, int] = field(default_factory=dict)
    _buckets: OrderedDict[tuple[str, Counted], Bucket] = field(default_factory=OrderedDict)

    def enter(self, peer: str) -> str:
        """Let a connection in, or give the refusal. Whoever enters must `leave`, refused or not."""
        self.open_now += 1
        if peer:
            self._open[peer] = self._open.get(peer, 0) + 1
        if self.open_now > self.limits.open:
            return "421 4.3.2 Too many connections here now, try again later"
        if peer and self._open[peer] > self.limits.open_of_one:
            return "421 4.7.0 Too many connections from your address at once, try again later"
        if not self.may(peer, "connections"):
            return "421 4.7.0 Too many connections from your address within a minute, try again later"
        return ""

    def leave(self, peer: str) -> None:
        self.open_now -= 1
        if peer:
            self._open[peer] -= 1
            if not self._open[peer]:
                del self._open[peer]

    def may(self, peer: str, what: Counted) -> bool:
        """Count one act of this peer; False, and nothing counted, when it has done enough for now."""
        if peer == FREE:
            return True
        most: int = getattr(self.limits, what)
        bucket = self._buckets.pop((peer, what), None) or Bucket(most, most, self.now())
        self._buckets[peer, what] = bucket
        if len(self._buckets) > MOST_REMEMBERED:
            self._buckets.popitem(last=False)
        return bucket.take(self.now())

    def peer_of(self, address: str) -> str:
        """The name under which an address is counted: of IPv6 its network, for one machine has all of it."""
        try:
            ip = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:  # a socket in the file system has no address, and knows who may open it
            return FREE
        ip = getattr(ip, "ipv4_mapped", None) or ip
        if any(ip in network for network in self.free):
            return FREE
        return str(ip) if ip.version == 4 else str(ipaddress.ip_network((ip, 64), strict=False))
