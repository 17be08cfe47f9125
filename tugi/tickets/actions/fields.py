"""A ticket's fields: who has it, where it is, how it stands."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tugi.core import clock
from tugi.core.errors import Invalid
from tugi.core.text import shorten, single_line
from tugi.events.actors import Actor
from tugi.events.log import append
from tugi.events.models import Event
from tugi.people.access import access_of
from tugi.people.models import Agent, Department, Permission
from tugi.tickets.actions.locking import lock_ticket, save_change
from tugi.tickets.errors import AgentCannotTake
from tugi.tickets.events import (
    PriorityChanged,
    StatusChanged,
    SubjectChanged,
    TagsChanged,
    TicketAssigned,
    TicketMoved,
)
from tugi.tickets.models import SUBJECT_LENGTH, Priority, Stage, Status, Tag, Ticket

TAG_LENGTH = 40
MAX_TAGS = 50


@transaction.atomic
def assign_ticket(
    ticket_id: int,
    *,
    to: Agent | None,
    actor: Actor,
    version: int | None = None,
    cause: int | Event | None = None,
) -> Ticket:
    """Make an agent the assignee, or nobody. Raises AgentCannotTake, StaleTicket, TicketIsMerged."""
    ticket = lock_ticket(ticket_id, version=version)
    after = to.pk if to else None
    if ticket.assignee_id == after:
        return ticket
    if to and not can_take(to, ticket.department_id):
        raise AgentCannotTake
    before, ticket.assignee = ticket.assignee_id, to
    save_change(ticket, "assignee")
    fact = TicketAssigned(ticket_id=ticket.pk, department_id=ticket.department_id, before=before, after=after)
    append(fact, actor=actor, cause=cause)
    return ticket


@transaction.atomic
def move_ticket(
    ticket_id: int,
    *,
    to: Department,
    actor: Actor,
    version: int | None = None,
    cause: int | Event | None = None,
) -> Ticket:
    """Hand the ticket to another department; an assignee who has no access there lets go of it."""
    ticket = lock_ticket(ticket_id, version=version)
    if ticket.department_id == to.pk:
        return ticket
    if not to.is_active:
        raise Invalid(_("There is no such department."), department="closed")
    before, ticket.department = ticket.department_id, to
    save_change(ticket, "department")
    moved = append(TicketMoved(ticket_id=ticket.pk, department_id=to.pk, before=before), actor=actor, cause=cause)
    if ticket.assignee and not can_take(ticket.assignee, to.pk):
        assign_ticket(ticket.pk, to=None, actor=actor, cause=moved)
        ticket.refresh_from_db()
    return ticket


@transaction.atomic
def change_status(
    ticket_id: int,
    *,
    to: Status,
    actor: Actor,
    version: int | None = None,
    cause: int | Event | None = None,
) -> Ticket:
    """Set the ticket's status. Raises StaleTicket, TicketIsMerged."""
    ticket = lock_ticket(ticket_id, version=version)
    set_status(ticket, to, actor=actor, cause=cause)
    return ticket


def set_status(ticket: Ticket, to: Status, *, actor: Actor, cause: int | Event | None) -> None:
    """Set the status of a ticket whose lock the caller holds."""
    if ticket.status_id == to.pk:
        return
    before, ticket.status, ticket.stage = ticket.status, to, to.stage
    ticket.resolved_at = (ticket.resolved_at or clock.now()) if to.stage == Stage.DONE else None
    save_change(ticket, "status", "stage", "resolved_at")
    fact = StatusChanged(
        ticket_id=ticket.pk,
        department_id=ticket.department_id,
        before=before.pk,
        after=to.pk,
        category_before=before.category,
        category_after=to.category,
    )
    append(fact, actor=actor, cause=cause)


@transaction.atomic
def change_priority(
    ticket_id: int,
    *,
    to: Priority,
    actor: Actor,
    version: int | None = None,
    cause: int | Event | None = None,
) -> Ticket:
    """Set the ticket's priority. Raises StaleTicket, TicketIsMerged."""
    ticket = lock_ticket(ticket_id, version=version)
    if ticket.priority == to:
        return ticket
    before, ticket.priority = ticket.priority, to
    save_change(ticket, "priority")
    fact = PriorityChanged(ticket_id=ticket.pk, department_id=ticket.department_id, before=before, after=to.value)
    append(fact, actor=actor, cause=cause)
    return ticket


@transaction.atomic
def change_subject(
    ticket_id: int,
    *,
    to: str,
    actor: Actor,
    version: int | None = None,
    cause: int | Event | None = None,
) -> Ticket:
    """Give the ticket another subject (cut to its length)."""
    ticket = lock_ticket(ticket_id, version=version)
    subject = shorten(single_line(to), SUBJECT_LENGTH)
    if ticket.subject == subject:
        return ticket
    ticket.subject = subject
    save_change(ticket, "subject")
    fact = SubjectChanged(ticket_id=ticket.pk, department_id=ticket.department_id)
    append(fact, actor=actor, cause=cause)
    return ticket


@transaction.atomic
def change_tags(
    ticket_id: int,
    *,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    actor: Actor,
    version: int | None = None,
    cause: int | Event | None = None,
) -> Ticket:
    """Add and remove tags by name; new names become tags. Raises Invalid over 50 tags."""
    ticket = lock_ticket(ticket_id, version=version)
    present = set(ticket.tags.all())
    unwanted = {name.strip().lower() for name in remove}
    removed = {tag for tag in present if tag.name.lower() in unwanted}
    added = {_tag_named(name) for name in add if name.strip()} - present
    if not added and not removed:
        return ticket
    if len(present | added) - len(removed) > MAX_TAGS:
        raise Invalid(_("A ticket has at most %(most)s tags.") % {"most": MAX_TAGS}, tags="too_many")
    ticket.tags.add(*added)
    ticket.tags.remove(*removed)
    save_change(ticket)
    fact = TagsChanged(
        ticket_id=ticket.pk,
        department_id=ticket.department_id,
        added=sorted(tag.pk for tag in added),
        removed=sorted(tag.pk for tag in removed),
    )
    append(fact, actor=actor, cause=cause)
    return ticket


def _tag_named(name: str) -> Tag:
    name = " ".join(name.split())[:TAG_LENGTH]
    known = Tag.objects.filter(name__iexact=name)
    try:
        with transaction.atomic():
            return known.first() or Tag.objects.create(name=name)
    except IntegrityError:  # somebody else was faster, perhaps in other letters
        return known.get()


def can_take(agent: Agent, department_id: int) -> bool:
    """Whether the agent may have tickets of the department."""
    return agent.is_active and access_of(agent).in_department(Permission.SEE_TICKETS, department_id)
