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
from tugi.tickets.actions.messages import bring_up, say_received
from tugi.tickets.actions.writing import incoming_message, keep_incoming
from tugi.tickets.content import Incoming
from tugi.tickets.events import TicketOpened
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
    """A new ticket with its first message from the customer's side; gives both."""
    message = incoming_message(incoming, MessageKind.INBOUND)
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
