"""What happened to a ticket besides words: the quiet lines between its messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from django.utils.translation import gettext as _

from tugi.events import names, timeline
from tugi.events.facts import Fact, Names
from tugi.events.models import Event
from tugi.tickets.events import MergeUndone, ReplyWithdrawn, StatusChanged, TicketAbsorbed, TicketAssigned
from tugi.tickets.models import Category

SPOKEN = ("message.received", "message.reply_written", "message.note_added", "message.delivery_changed")
"""Kinds that the messages themselves show."""
MOVED_BY_WORDS = {Category.NEW, Category.OPEN, Category.PENDING}
"""A status among these that follows from a message needs no line of its own."""
MOST = 200
TOGETHER = timedelta(minutes=15)
PEOPLE = ("agent", "contact")
Told = tuple[Event, Fact]


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
        return _line(self.actor, " · ".join(each for each, _again in groupby(self.doings)))

    def takes(self, other: Happening) -> bool:
        """Whether what came next, with no message between, belongs to the same line."""
        near = other.at - self.at < TOGETHER
        return near and self.actor == other.actor and not (self.stands_alone or other.stands_alone)

    def with_more(self, other: Happening) -> Happening:
        return replace(self, doings=self.doings + other.doings)


Known = Mapping[tuple[str, int], str]
"""Names that the caller has at hand, by kind and id: what is here is not looked up."""


def happenings(ticket_id: int, known: Known, *, since: datetime | None = None, last: int = MOST) -> list[Happening]:
    """The newest steps of a ticket's history, oldest first, with the names in them."""
    events = Event.objects.of_ticket(ticket_id).exclude(kind__in=SPOKEN).order_by("-id")
    if since:
        events = events.filter(at__gte=since)
    read = [(event, event.fact) for event in list(events[:last])[::-1]]
    told = [(event, fact) for event, fact in _without_undone(read) if not _is_told_already(event, fact)]
    name, merges = _names(told, known), _merges(told)
    return [
        Happening(
            id=event.pk,
            at=event.at,
            actor=_actor(event, name),
            doings=(_doing(event, fact, name),),
            merge_id=merges.get(event.pk),
            stands_alone=event.pk in merges,
        )
        for event, fact in told
    ]


def missed_changes(ticket_id: int, count: int) -> list[str]:
    """The last changes of the ticket's fields as sentences, each with who made it."""
    events = Event.objects.of_ticket(ticket_id).exclude(kind__in=SPOKEN).order_by("-id")
    told = timeline.entries(list(events[:count])[::-1])
    return [_line(entry.actor if entry.actor_kind in PEOPLE else "", f"{entry.sentence}.") for entry in told]


def _is_told_already(event: Event, fact: Fact) -> bool:
    """Whether the message beside it says as much: who writes or is answered opens a ticket, or lets it wait."""
    if not isinstance(fact, StatusChanged) or {fact.category_before, fact.category_after} - MOVED_BY_WORDS:
        return False
    return event.cause_id is not None or event.actor_kind == "contact"


def _without_undone(read: Sequence[Told]) -> list[Told]:
    """Leave out what a reply did to the ticket and, taken back, undid again: nothing came of it."""
    withdrawals = {event.pk for event, fact in read if isinstance(fact, ReplyWithdrawn)}
    gone: set[int] = set()
    for place, (event, fact) in enumerate(read):
        if event.cause_id not in withdrawals:
            continue
        followed = (done.pk for done, what in reversed(read[:place]) if done.cause_id and _undoes(fact, what))
        if (done := next(followed, None)) is not None:
            gone |= {done, event.pk}
    return [(event, fact) for event, fact in read if event.pk not in gone]


def _undoes(fact: Fact, other: Fact) -> bool:
    kinds = StatusChanged | TicketAssigned
    if not isinstance(fact, kinds) or not isinstance(other, kinds):
        return False
    return fact.kind == other.kind and (fact.before, fact.after) == (other.after, other.before)


def _doing(event: Event, fact: Fact, name: Names) -> str:
    """The sentence; what an agent does for itself is said as such."""
    if isinstance(fact, TicketAssigned) and event.actor_kind == "agent":
        if fact.after == event.actor_id:
            return _("took the ticket")
        if fact.after is None and fact.before == event.actor_id:
            return _("unassigned themselves")
    return fact.sentence(name)


def _names(told: Sequence[Told], known: Known) -> Names:
    """Names for these events; only those that are not known are asked for, in one batch a kind."""
    wanted = names.Wanted()
    for event, fact in told:
        _actor(event, wanted)
        fact.sentence(wanted)
    resolved = names.resolve(wanted.keys - set(known))

    def name(kind: str, key: int | None, /) -> str:
        return (key is not None and known.get((kind, key))) or resolved(kind, key)

    return name


def _actor(event: Event, name: Names) -> str:
    """Who did it; empty for the desk itself, whose facts are whole sentences."""
    return name(event.actor_kind, event.actor_id) if event.actor_kind in PEOPLE else ""


def _line(actor: str, doings: str) -> str:
    return f"{actor} {doings}" if actor else doings[:1].upper() + doings[1:]


def _merges(told: Sequence[Told]) -> dict[int, int | None]:
    """By event, the merge that came in with it; None where it was undone since."""
    undone = {fact.merge_id for _, fact in told if isinstance(fact, MergeUndone)}
    absorbed = [(event.pk, fact.merge_id) for event, fact in told if isinstance(fact, TicketAbsorbed)]
    return {pk: None if merge_id in undone else merge_id for pk, merge_id in absorbed}
