from __future__ import annotations

from django.db import transaction

from tugi.core import clock
from tugi.core.text import shorten
from tugi.events.actors import Actor
from tugi.events.log import append
from tugi.tickets.actions.locking import lock_ticket
from tugi.tickets.actions.messages import _attach, _words
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
    now = clock.now()
    message = Message.objects.create(
        ticket=ticket,
        kind=MessageKind.NOTE,
        channel=incoming.channel,
        contact_id=incoming.contact_id,
        author_name=shorten(incoming.author_name, 160),
        author_address=incoming.author_address[:320],
        to=list(incoming.to),
        cc=list(incoming.cc),
        proof=incoming.proof,
        is_automatic=incoming.is_automatic,
        raw_blob=incoming.raw_blob,
        created_at=now,
        written_at=min(incoming.written_at or now, now),
        **_words(incoming.content),
    )
    _attach(message, incoming.content)
    ticket.message_count += 1
    ticket.is_unread = True
    ticket.save(update_fields=["message_count", "is_unread"])
    fact = NoteAdded(ticket_id=ticket.pk, department_id=ticket.department_id, message_id=message.pk)
    append(fact, actor=actor, cause=cause)
    return message
