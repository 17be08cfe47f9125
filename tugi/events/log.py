"""The one way into the log. Called by actions, inside their transaction, last."""

from __future__ import annotations

from django.db import transaction

from tugi.core.inserting import insert
from tugi.events import bell
from tugi.events.actors import Actor
from tugi.events.facts import Fact
from tugi.events.models import Event

DEEPEST = 16


class ChainTooDeep(RuntimeError):
    """One thing led to another too many times: rules or consumers answer each other in a circle."""


def append(fact: Fact, *, actor: Actor, cause: Event | int | None = None) -> Event:
    """Say that `fact` happened, by `actor`, because of `cause` (an event or its id).

    Raises ChainTooDeep for the end of a chain of more than `DEEPEST` causes, and TypeError for a fact
    whose values are not of their types. Must stand inside a transaction, so that what happened and the
    word of it are kept or lost together.
    """
    assert transaction.get_connection().in_atomic_block, "append() belongs inside the action's transaction"
    source = _event(cause)
    depth = source.depth + 1 if source else 0
    if depth > DEEPEST:
        raise ChainTooDeep(f"{fact.kind} would be step {depth} of a chain")
    subject_kind, subject_id = fact.subject
    event = Event(
        kind=fact.kind,
        actor_kind=actor.kind,
        actor_id=actor.id,
        ticket_id=getattr(fact, "ticket_id", None),
        subject_kind=subject_kind,
        subject_id=subject_id,
        cause_id=source.id if source else None,
        depth=depth,
        origin=actor.origin,
        data=fact.to_data(),
    )
    insert(event)
    bell.ring_on_commit()
    return event


def chain_has(event: Event, actor: Actor) -> bool:
    """Whether `actor` has acted in the chain that led to `event`, the event included.

    A rule asks this before it fires, so that it never answers itself.
    """
    link: Event | None = event
    while link is not None:
        if (link.actor_kind, link.actor_id) == (actor.kind, actor.id):
            return True
        link = _event(link.cause_id)
    return False


def _event(cause: Event | int | None) -> Event | None:
    return Event.objects.get(id=cause) if isinstance(cause, int) else cause
