"""Questions to DNS, with a bound on how long one mail may ask."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any

import dns.exception
import dns.name
import dns.resolver

SECONDS_A_QUESTION = 2.0
SECONDS_A_MAIL = 6.0
"""Short, because a stranger who answers slowly holds up one of the two threads that read mail."""
MOST_QUESTIONS = 60
"""SPF alone may ask for ten names and the addresses of ten mail servers (RFC 7208 4.6.4)."""
MOST_KEPT = 5_000
Servers = tuple[tuple[str, int], ...]


class Trouble(Exception):
    """There is no answer: no server, no time, or a server that cannot say."""


class Resolver:
    """Answers for one mail. `servers` are asked in turn; without any, those that the system uses."""

    def __init__(self, servers: Servers) -> None:
        self._resolver = _resolver(servers)
        self._until = time.monotonic() + SECONDS_A_MAIL
        self._questions = 0

    def records(self, name: str, kind: str) -> list[Any]:
        """The records of that kind, none if there is none. Raises Trouble."""
        left = self._until - time.monotonic()
        self._questions += 1
        if left <= 0 or self._questions > MOST_QUESTIONS:
            raise Trouble(name)
        try:
            answer = self._resolver.resolve(
                name, kind, raise_on_no_answer=False, search=False, lifetime=min(left, SECONDS_A_QUESTION)
            )
        except (dns.resolver.NXDOMAIN, dns.name.LabelTooLong, dns.name.EmptyLabel, dns.name.NameTooLong):
            return []
        except (dns.exception.DNSException, OSError, UnicodeError) as error:
            raise Trouble(name) from error
        return list(answer.rrset or ())

    def texts(self, name: str) -> list[bytes]:
        """The TXT records, each with its strings joined. Raises Trouble."""
        return [b"".join(record.strings) for record in self.records(name, "TXT")]


@lru_cache(maxsize=8)
def _resolver(servers: Servers) -> dns.resolver.Resolver:
    """One for all mails: what it has learnt is kept as long as DNS says."""
    try:
        made = dns.resolver.Resolver(configure=not servers)
    except dns.resolver.NoResolverConfiguration as error:
        raise Trouble("no name server") from error
    if servers:
        made.nameservers = [host for host, _port in servers]
        made.nameserver_ports = dict(servers)
    made.cache = dns.resolver.LRUCache(MOST_KEPT)
    return made
