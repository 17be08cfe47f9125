"""Where a scenario takes place, and how large it is to be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from soak.desk import Ground, ground
from tests.servers import postgresql
from tests.servers.dovecot import Dovecot, dovecot

Ledger = dict[str, Any]
SKIPPED = "skipped"
"""The line of a scenario that this machine cannot play, with the reason."""


@dataclass(frozen=True)
class Size:
    """`away` is how many seconds a database stays away, `quiet` how many a desk may take to come to rest."""

    mails: int
    kills: int
    away: float
    quiet: float
    crowd: int


FULL = Size(mails=2000, kills=60, away=60, quiet=900, crowd=100)
SMALL = Size(mails=64, kills=17, away=4, quiet=90, crowd=16)


class Server:
    """The PostgreSQL of the soak, which can be sent away and called back. With SQLite there is none."""

    def __init__(self, made: postgresql.Cluster | None) -> None:
        self._made, self._stack = made, ExitStack()
        self.url = made.url if made else ""

    def start(self) -> None:
        if self._made:
            self._stack.enter_context(self._made.up())

    def stop(self) -> None:
        self._stack.close()


@dataclass(frozen=True)
class Field:
    ground: Ground
    server: Server
    dovecot: Dovecot
    size: Size
    seed: int


Scenario = Callable[[Field], Ledger]


@contextmanager
def laid_out(engine: str, size: Size, seed: int) -> Iterator[Field]:
    """The servers run and a desk is prepared while the block lasts."""
    with ExitStack() as stack:
        made = stack.enter_context(postgresql.cluster()) if engine == "postgresql" else None
        server = Server(made)
        stack.callback(server.stop)
        server.start()
        prepared = stack.enter_context(ground(engine, server.url))
        yield Field(prepared, server, stack.enter_context(dovecot()), size, seed)
