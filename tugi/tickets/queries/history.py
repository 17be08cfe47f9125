"""What happened to a ticket besides words: the quiet lines between its messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from tugi.events import names
from tugi.events.facts import Fact, Names
from tugi.events.models import Event
from tugi.tickets.events import MergeUndone, TicketAbsorbed

SPOKEN = ("message.received", "message.reply_written", "message.note_added", "message.delivery_changed")
"""Kinds that the messages themselves show."""
MOST = 200
TOGETHER = timedelta(minutes=15)
ACTOR_KINDS = ("agent", "contact")


@dataclass(frozen=True)
class Happening:
    """One line: what was done in a row, said together. `merge_id` is set where a merge can be undone."""

    id: int
    at: datetime
    text: str
    merge_id: int | None = None


@dataclass(frozen=True)
class _Step:
    event: Event
    fact: Fact


def happenings(ticket_id: int, *, since: datetime | None = None, last: int = MOST) -> list[Happening]:
    """The newest lines of a ticket's history, oldest first, with the names in them."""
    events = Event.objects.of_ticket(ticket_id).exclude(kind__in=SPOKEN)
    if since:
        events = events.filter(Q(at__gte=since))
    steps = [_Step(event, event.fact) for event in events.order_by("-id")[:last]][::-1]
    if not steps:
        return []
    name = _names(steps)
    undone = {step.fact.merge_id for step in steps if isinstance(step.fact, MergeUndone)}
    return [_line(group, name, undone) for group in _grouped(steps)]


def sentences(steps: Iterable[Event]) -> list[str]:
    """What these events say, each with who did it."""
    read = [_Step(event, event.fact) for event in steps]
    name = _names(read)
    return [_said(step, name) for step in read]


def _names(steps: Iterable[_Step]) -> Names:
    wanted = names.Wanted()
    for step in steps:
        step.fact.sentence(wanted)
        if step.event.actor_kind in ACTOR_KINDS:
            wanted(step.event.actor_kind, step.event.actor_id)
    return names.resolve(wanted.keys)


def _grouped(steps: Sequence[_Step]) -> list[list[_Step]]:
    """What one actor did within a quarter of an hour is one line; a merge stands alone, to be undone."""
    groups: list[list[_Step]] = []
    for step in steps:
        if groups and _belongs(step, groups[-1]):
            groups[-1].append(step)
        else:
            groups.append([step])
    return groups


def _belongs(step: _Step, group: list[_Step]) -> bool:
    first = group[0]
    same = (first.event.actor_kind, first.event.actor_id) == (step.event.actor_kind, step.event.actor_id)
    near = step.event.at - first.event.at < TOGETHER
    return same and near and not any(isinstance(each.fact, TicketAbsorbed) for each in (step, first))


def _line(group: list[_Step], name: Names, undone: set[int]) -> Happening:
    first = group[0]
    actor = actor_name(first.event, name)
    doings = list(dict.fromkeys(step.fact.sentence(name) for step in group))
    merge = first.fact.merge_id if isinstance(first.fact, TicketAbsorbed) else None
    return Happening(
        id=first.event.pk,
        at=first.event.at,
        text=f"{actor} " + " · ".join(doings) if actor else " · ".join(doings),
        merge_id=None if merge in undone else merge,
    )


def _said(step: _Step, name: Names) -> str:
    return f"{actor_name(step.event, name)} {step.fact.sentence(name)}"


def actor_name(event: Event, name: Names) -> str:
    if event.actor_kind in ACTOR_KINDS and event.actor_id is not None:
        return name(event.actor_kind, event.actor_id)
    return _("Tugi")
