"""An event of a calendar as a mail announces it (RFC 5545, 5546): plain data that crosses the border of a process."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Recurrence:
    """How an event comes again: `every` is a word of RFC 5545 in lower case (daily, weekly …), `days` are like MO or
    -1FR, `until` is a date or an instant in ISO 8601. It is told in words and never expanded."""

    every: str
    interval: int = 1
    days: tuple[str, ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    count: int = 0
    until: str = ""


@dataclass(frozen=True)
class Invitation:
    """One event. Nothing in it is proven.

    `method` is a word of RFC 5546 in lower case (request, cancel, reply …; publish where none is said). `start` and
    `end` are in ISO 8601: a date for whole days (`end` is the day after the last), an instant in UTC, or without an
    offset where the sender named no zone. `zone` is the organiser's, by its IANA name, if it is known. `occurrence` is
    set where only one event of a series is meant. `answer` is what `attendee` says in a reply: accepted, declined,
    tentative. `file` is the SHA-256 of the calendar it stands in.
    """

    method: str
    title: str
    start: str
    end: str
    is_all_day: bool
    zone: str
    place: str
    description: str
    organizer_name: str
    organizer: str
    attendee: str
    answer: str
    is_cancelled: bool
    is_update: bool
    occurrence: str
    recurrence: Recurrence | None
    file: str

    def to_data(self) -> dict[str, Any]:
        """What JSON can hold."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Invitation:
        again = data["recurrence"]
        if again is not None:
            again = Recurrence(**{**again, **{name: tuple(again[name]) for name in ("days", "month_days", "months")}})
        return cls(**{**data, "recurrence": again})
