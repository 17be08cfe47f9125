"""The log as browsers need it: what happened, and whose business it is. Synchronous; reads only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Max

from tugi.events.models import Event
from tugi.live.viewers import Viewer
from tugi.tickets.events import TicketAssigned, TicketMoved
from tugi.tickets.models import Ticket

BATCH = 500


@dataclass(frozen=True, slots=True)
class Happening:
    """A pointer's worth of one event.

    `department` is where the ticket is now, `left` where this very event took it from, `agents` whom it
    concerns in person.
    """

    seq: int
    kind: str
    ticket: int | None
    department: int | None
    left: int | None
    agents: frozenset[int]

    def is_seen_by(self, viewer: Viewer) -> bool:
        """Whether the viewer sees the ticket now."""
        return self.department is not None and viewer.sees_department(self.department)

    def is_told_to(self, viewer: Viewer) -> bool:
        """Also who has just lost the ticket is told, so that it goes from their screen."""
        return self.is_seen_by(viewer) or (self.left is not None and viewer.sees_department(self.left))


def head() -> int:
    """The last place in the log that readers may know."""
    return Event.objects.aggregate(last=Max("seq"))["last"] or 0


def read(after: int, upto: int | None = None) -> list[Happening]:
    """What happened behind `after`, in order: the next `BATCH`, or all up to and with `upto`."""
    events = Event.objects.filter(seq__gt=after).order_by("seq")
    chosen = list(events[:BATCH] if upto is None else events.filter(seq__lte=upto))
    return list(_happenings(chosen)) if chosen else []


def _happenings(events: Sequence[Event]) -> Iterator[Happening]:
    ids = {event.ticket_id for event in events if event.ticket_id is not None}
    rows = Ticket.objects.filter(pk__in=ids).values_list("pk", "number", "department_id")
    places = {pk: (number, department) for pk, number, department in rows}
    for event in events:
        number, department = places.get(event.ticket_id or 0, (None, None))
        yield Happening(
            seq=event.seq or 0,
            kind=event.kind,
            ticket=number,
            department=department,
            left=event.data.get("before") if event.kind == TicketMoved.kind else None,
            agents=frozenset(_agents(event)),
        )


def _agents(event: Event) -> Iterator[int]:
    if event.subject_kind == "agent":
        yield event.subject_id
    if event.kind == TicketAssigned.kind:
        yield from (agent for agent in (event.data["before"], event.data["after"]) if agent is not None)
