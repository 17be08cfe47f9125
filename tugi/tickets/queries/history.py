"""What happened to a ticket besides words: the quiet lines between its messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tugi.events import timeline
from tugi.events.models import Event
from tugi.events.timeline import Entry
from tugi.tickets.events import MergeUndone, TicketAbsorbed

SPOKEN = ("message.received", "message.reply_written", "message.note_added", "message.delivery_changed")
"""Kinds that the messages themselves show."""
MOST = 200
TOGETHER = timedelta(minutes=15)


@dataclass(frozen=True)
class Happening:
    """One line: what was done in a row, said together. `merge_id` is set where a merge can be undone."""

    id: int
    at: datetime
    text: str
    merge_id: int | None = None

    @property
    def is_message(self) -> bool:
        return False


def happenings(ticket_id: int, *, since: datetime | None = None, last: int = MOST) -> list[Happening]:
    """The newest lines of a ticket's history, oldest first, with the names in them."""
    events = Event.objects.of_ticket(ticket_id).exclude(kind__in=SPOKEN).order_by("-id")
    if since:
        events = events.filter(at__gte=since)
    newest = list(events[:last])[::-1]
    merges = _merges(newest)
    return [_line(group, merges) for group in _grouped(timeline.entries(newest), set(merges))]


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


def _grouped(entries: Sequence[Entry], alone: set[int]) -> list[list[Entry]]:
    """What one actor did within a quarter of an hour is one line; a merge stands alone, to be undone."""
    groups: list[list[Entry]] = []
    for entry in entries:
        if groups and _belongs(entry, groups[-1][0], alone):
            groups[-1].append(entry)
        else:
            groups.append([entry])
    return groups


def _belongs(entry: Entry, first: Entry, alone: set[int]) -> bool:
    same = (entry.actor_kind, entry.actor_id) == (first.actor_kind, first.actor_id)
    return same and entry.at - first.at < TOGETHER and not {entry.id, first.id} & alone


def _line(group: list[Entry], merges: dict[int, int | None]) -> Happening:
    first = group[0]
    doings = " · ".join(dict.fromkeys(entry.sentence for entry in group))
    return Happening(first.id, first.at, f"{first.actor} {doings}", merges.get(first.id))
