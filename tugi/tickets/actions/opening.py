from __future__ import annotations

from django.db import transaction

from tugi.core import clock
from tugi.core.sequences import next_number
from tugi.core.text import shorten, single_line
from tugi.events.actors import Actor
from tugi.events.log import append
from tugi.people.models import Contact
from tugi.tickets.actions.messages import add_incoming
from tugi.tickets.content import Incoming
from tugi.tickets.events import TicketOpened
from tugi.tickets.models import Category, Message, Priority, Status, Ticket

SUBJECT_LENGTH = 250


@transaction.atomic
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
    now = clock.now()
    contact = Contact.objects.get(id=incoming.contact_id)
    status = Status.objects.first_of(Category.NEW)
    ticket = Ticket.objects.create(
        number=next_number("ticket"),
        subject=shorten(single_line(subject), SUBJECT_LENGTH),
        status=status,
        stage=status.stage,
        priority=priority,
        department_id=department_id,
        contact=contact,
        organisation=contact.organisations.first(),
        channel=incoming.channel,
        language=incoming.content.language or contact.language,
        created_at=now,
        active_at=now,
    )
    opened = append(
        TicketOpened(ticket_id=ticket.pk, department_id=department_id, channel=ticket.channel, contact_id=contact.pk),
        actor=actor,
        cause=cause,
    )
    message = add_incoming(ticket, incoming, actor=actor, cause=opened, first=True)
    return ticket, message
