from __future__ import annotations

from django.db import transaction

from tugi.core.inserting import insert
from tugi.core.sequences import next_number
from tugi.core.text import shorten, single_line
from tugi.events.actors import Actor
from tugi.events.log import append
from tugi.people.models import Contact
from tugi.tickets.actions.messages import bring_up, say_received
from tugi.tickets.actions.writing import incoming_message, keep_incoming
from tugi.tickets.content import Incoming
from tugi.tickets.events import TicketOpened
from tugi.tickets.models import Category, Message, MessageKind, Priority, Status, Ticket

SUBJECT_LENGTH = 250


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
    contact_id, language, organisation_id = _asking(incoming.contact_id)
    status = Status.objects.first_of(Category.NEW)
    message = incoming_message(incoming, MessageKind.INBOUND)
    ticket = Ticket(
        number=next_number("ticket"),
        subject=shorten(single_line(subject), SUBJECT_LENGTH),
        status=status,
        stage=status.stage,
        priority=priority,
        department_id=department_id,
        contact_id=contact_id,
        organisation_id=organisation_id,
        channel=incoming.channel,
        language=incoming.content.language or language,
        created_at=message.created_at,
    )
    bring_up(ticket, message)
    insert(ticket)
    keep_incoming(message, ticket, incoming)
    opened = append(
        TicketOpened(ticket_id=ticket.pk, department_id=department_id, channel=ticket.channel, contact_id=contact_id),
        actor=actor,
        cause=cause,
    )
    say_received(message, ticket, actor=actor, cause=opened, first=True)
    return ticket, message


def _asking(contact_id: int) -> tuple[int, str, int | None]:
    """The contact with its language and, of its organisations, the first by name."""
    contacts = Contact.objects.filter(id=contact_id).order_by("organisations__name", "organisations__id")
    found: tuple[int, str, int | None] = contacts.values_list("id", "language", "organisations__id")[:1].get()
    return found
