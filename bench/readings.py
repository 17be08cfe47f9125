"""What a measure gives, and the budgets of the desk that it is held against (docs/benchmarks.md)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from statistics import median

LIST, TICKET, SEARCH, SEARCH_PAGE = "list page", "ticket page", "search in the index", "search page"
PUSH, MAIL, MAIL_COST, REPLY = "event to screen", "e-mail to ticket", "e-mail to ticket, CPU", "reply to SMTP"
SOCKET, SOCKET_ONE, SOCKET_ALL = "idle socket", "delivery to one socket", "delivery to all sockets"
MEMORY, START, WEIGHT = "idle memory", "warm start", "page weight"


@dataclass(frozen=True)
class Budget:
    """`limit` is the most (or, with `least`, the fewest) allowed; `ratio` how much a large desk may cost more."""

    unit: str
    limit: float
    queries: int | None = None
    ratio: float | None = None
    least: bool = False

    def allows(self, value: float) -> bool:
        return value >= self.limit if self.least else value <= self.limit

    def __str__(self) -> str:
        text = f"{'≥' if self.least else '≤'} {self.limit:g} {self.unit}"
        return text + (f", {self.queries} queries" if self.queries else "")


BUDGETS = {
    LIST: Budget("ms CPU", 10, queries=6, ratio=1.3),
    TICKET: Budget("ms CPU", 15, queries=12, ratio=1.3),
    SEARCH: Budget("ms", 5),
    SEARCH_PAGE: Budget("ms CPU", 25),
    PUSH: Budget("ms", 300),
    MAIL: Budget("mails/s", 100, least=True),
    MAIL_COST: Budget("ms CPU", 20, ratio=1.3),
    REPLY: Budget("ms", 1000),
    SOCKET: Budget("kB", 40),
    SOCKET_ONE: Budget("ms", 50),
    SOCKET_ALL: Budget("ms", 2000),
    MEMORY: Budget("MB", 250),
    START: Budget("s", 3),
    WEIGHT: Budget("kB", 250),
}


@dataclass(frozen=True)
class Reading:
    """`budget` is a key of BUDGETS, or empty for what is only told; `detail` says of what."""

    budget: str
    detail: str
    value: float
    queries: int | None = None
    unit: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.budget, self.detail


def write(readings: Iterable[Reading]) -> str:
    return json.dumps([asdict(reading) for reading in readings])


def read(text: str) -> list[Reading]:
    return [Reading(**each) for each in json.loads(text)]


def middle(rounds: Iterable[list[Reading]]) -> list[Reading]:
    """The medians of several rounds of one measure."""
    together: dict[tuple[str, str], list[Reading]] = {}
    for readings in rounds:
        for reading in readings:
            together.setdefault(reading.key, []).append(reading)
    return [
        Reading(first.budget, first.detail, median(each.value for each in same), first.queries, first.unit)
        for same in together.values()
        for first in same[:1]
    ]


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which that share of the values lies (nearest rank)."""
    found = sorted(values)
    return found[min(int(len(found) * share), len(found) - 1)]
