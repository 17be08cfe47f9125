from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from tugi.core.inserting import insert
from tugi.core.prepared import prepared
from tugi.core.sequences import next_number
from tugi.core.text import shorten, single_line
from tugi.events.actors import Actor
from tugi.events.log import append
from tugi.people.models import Contact
from tugi.tickets.actions.locking import lock_ticket
from tugi.tickets.actions.messages import bring_up, say_received
from tugi.tickets.actions.writing import incoming_message, keep_incoming
from tugi.tickets.content import Incoming
from tugi.tickets.events import TicketFollowedUp, TicketFollows, TicketOpened
from tugi.tickets.models import SUBJECT_LENGTH, Category, Message, MessageKind, Priority, Status, Ticket


@transaction.atomic(savepoint=False)
def open_ticket(
    incoming: Incoming,
    *,
    subject: str,
    department_id: int,
    actor: Actor,
    priority: Priority = Priority.NORMAL,
    cause: int | None = None,
) -> tuple[Ticket, Message]:
    """A new ticket with its first message from the customer's side; gives both.

    It is as old as its mail: one that could be read only days later has waited for these days.
    """
    message = incoming_message(incoming, MessageKind.INBOUND)
    message.created_at = min(incoming.received_at or message.created_at, message.created_at)
    ticket = _new_ticket(incoming, message.created_at)
    ticket.subject = shorten(single_line(subject), SUBJECT_LENGTH)
    ticket.department_id, ticket.priority = department_id, priority
    bring_up(ticket, message)
    insert(ticket)
    keep_incoming(message, ticket, incoming)
    fact = TicketOpened(
        ticket_id=ticket.pk, department_id=department_id, channel=ticket.channel, contact_id=ticket.contact_id
    )
    opened = append(fact, actor=actor, cause=cause)
    say_received(message, ticket, actor=actor, cause=opened, first=True)
    return ticket, message


@transaction.atomic
def open_follow_up(
    earlier_id: int, incoming: Incoming, *, subject: str, actor: Actor, cause: int | None = None
) -> tuple[Ticket, Message]:
    """A new ticket for what answers one that is done, in its department; each says so of the other.

    Raises NotFound, TicketIsMerged.
    """
    earlier = lock_ticket(earlier_id)
    ticket, message = open_ticket(
        incoming, subject=subject or earlier.subject, department_id=earlier.department_id, actor=actor, cause=cause
    )
    follows = TicketFollows(
        ticket_id=ticket.pk,
        department_id=ticket.department_id,
        earlier_id=earlier.pk,
        earlier_number=earlier.number,
    )
    followed = TicketFollowedUp(
        ticket_id=earlier.pk, department_id=earlier.department_id, later_id=ticket.pk, later_number=ticket.number
    )
    append(followed, actor=actor, cause=append(follows, actor=actor, cause=cause))
    return ticket, message


def _new_ticket(incoming: Incoming, now: datetime) -> Ticket:
    """What the first message says of the ticket by itself."""
    contact_id, language, organisation_id = _asking(incoming.contact_id)
    status = Status.objects.first_of(Category.NEW)
    return Ticket(
        number=next_number("ticket"),
        status=status,
        stage=status.stage,
        contact_id=contact_id,
        organisation_id=organisation_id,
        channel=incoming.channel,
        language=incoming.content.language or language,
        created_at=now,
    )


def _asking(contact_id: int) -> tuple[int, str, int | None]:
    """The contact with its language and, of its organisations, the first by name."""
    (found,) = _with_organisation(contact_id)
    return found


@prepared
def _with_organisation(contact_id: Any) -> QuerySet[Contact, tuple[int, str, int | None]]:
    contacts = Contact.objects.filter(id=contact_id).order_by("organisations__name", "organisations__id")
    return contacts.values_list("id", "language", "organisations__id")[:1]
