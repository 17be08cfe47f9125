from __future__ import annotations

from django.db import transaction

from tugi.events.actors import Actor
from tugi.events.log import append
from tugi.tickets.actions.locking import lock_ticket
from tugi.tickets.actions.writing import write_incoming
from tugi.tickets.content import Incoming
from tugi.tickets.events import NoteAdded
from tugi.tickets.models import Message, MessageKind


@transaction.atomic
def add_third_party_note(ticket_id: int, incoming: Incoming, *, actor: Actor, cause: int | None = None) -> Message:
    """Keep what somebody who takes no part wrote to the ticket, for the desk's eyes only.

    The requester, the participants and the status stay as they are; the ticket becomes unread, so that
    an agent decides. Raises TicketIsMerged.
    """
    ticket = lock_ticket(ticket_id)
    message = write_incoming(ticket, incoming, MessageKind.NOTE)
    ticket.message_count += 1
    ticket.is_unread = True
    ticket.save(update_fields=["message_count", "is_unread"])
    fact = NoteAdded(ticket_id=ticket.pk, department_id=ticket.department_id, message_id=message.pk)
    append(fact, actor=actor, cause=cause)
    return message
