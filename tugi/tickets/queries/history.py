"""What happened to a ticket besides words: the quiet lines between its messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tugi.events import timeline
from tugi.events.models import Event
from tugi.tickets.events import MergeUndone, TicketAbsorbed

SPOKEN = ("message.received", "message.reply_written", "message.note_added", "message.delivery_changed")
"""Kinds that the messages themselves show."""
MOST = 200
TOGETHER = timedelta(minutes=15)


@dataclass(frozen=True)
class Happening:
    """One line: what one actor did in a row, said together. `merge_id`: a merge that can be undone."""

    id: int
    at: datetime
    actor: str
    doings: tuple[str, ...]
    merge_id: int | None = None
    stands_alone: bool = False

    @property
    def is_message(self) -> bool:
        return False

    @property
    def text(self) -> str:
        return f"{self.actor} {' · '.join(dict.fromkeys(self.doings))}"

    def takes(self, other: Happening) -> bool:
        """Whether what came next, with no message between, belongs to the same line."""
        near = other.at - self.at < TOGETHER
        return near and self.actor == other.actor and not (self.stands_alone or other.stands_alone)

    def with_more(self, other: Happening) -> Happening:
        return replace(self, doings=self.doings + other.doings)


def happenings(ticket_id: int, *, since: datetime | None = None, last: int = MOST) -> list[Happening]:
    """The newest steps of a ticket's history, oldest first, with the names in them."""
    events = Event.objects.of_ticket(ticket_id).exclude(kind__in=SPOKEN).order_by("-id")
    if since:
        events = events.filter(at__gte=since)
    newest = list(events[:last])[::-1]
    merges = _merges(newest)
    return [
        Happening(entry.id, entry.at, entry.actor, (entry.sentence,), merges.get(entry.id), entry.id in merges)
        for entry in timeline.entries(newest)
    ]


def missed_changes(ticket_id: int, count: int) -> list[str]:
    """The last changes of the ticket's fields as sentences, each with who made it."""
    events = Event.objects.of_ticket(ticket_id).exclude(kind__in=SPOKEN).order_by("-id")
    return [f"{entry.actor} {entry.sentence}." for entry in timeline.entries(list(events[:count])[::-1])]


def _merges(events: Sequence[Event]) -> dict[int, int | None]:
    """By event, the merge that came in with it; None where it was undone since."""
    facts = [(event.pk, event.fact) for event in events]
    undone = {fact.merge_id for _, fact in facts if isinstance(fact, MergeUndone)}
    absorbed = [(pk, fact.merge_id) for pk, fact in facts if isinstance(fact, TicketAbsorbed)]
    return {pk: None if merge_id in undone else merge_id for pk, merge_id in absorbed}
