"""The log as people read it: each event as a sentence in the reader's language, with names for ids.

Nothing here asks whether the reader may see the ticket: who calls has loaded it through access.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tugi.events import facts, names
from tugi.events.facts import Fact, Names
from tugi.events.models import Event

SYSTEM_KINDS = {"system"}


@dataclass(frozen=True)
class Entry:
    """One line: `actor` and then `sentence`."""

    id: int
    at: datetime
    kind: str
    actor_kind: str
    actor_id: int | None
    actor: str
    sentence: str
    public: bool
    origin: str
    cause_id: int | None


def of_ticket(ticket_id: int, *, before: int | None = None, limit: int = 100, public_only: bool = False) -> list[Entry]:
    """The ticket's latest `limit` entries, oldest first; further back those with an id `before` it."""
    events = Event.objects.filter(ticket_id=ticket_id).order_by("-id")
    if before is not None:
        events = events.filter(id__lt=before)
    if public_only:
        events = events.filter(kind__in=[kind for kind, cls in facts.kinds().items() if cls.public])
    return entries(reversed(events[:limit]))


def entries(events: Iterable[Event]) -> list[Entry]:
    """Render events in their order. Each kind of name is looked up once for all of them."""
    told = [(event, event.fact) for event in events]
    wanted = names.Wanted()
    for event, fact in told:
        _actor(event, wanted)
        fact.sentence(wanted)
    name = names.resolve(wanted.keys)
    return [_entry(event, fact, name) for event, fact in told]


def _entry(event: Event, fact: Fact, name: Names) -> Entry:
    return Entry(
        id=event.id,
        at=event.at,
        kind=event.kind,
        actor_kind=event.actor_kind,
        actor_id=event.actor_id,
        actor=_actor(event, name),
        sentence=fact.sentence(name),
        public=fact.public,
        origin=event.origin,
        cause_id=event.cause_id,
    )


def _actor(event: Event, name: Names) -> str:
    if event.actor_kind in SYSTEM_KINDS:
        return _("Tugi")
    return name(event.actor_kind, event.actor_id)
