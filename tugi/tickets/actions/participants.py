from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from tugi.core import clock
from tugi.events.actors import Actor
from tugi.events.log import append
from tugi.tickets.actions.locking import lock_ticket
from tugi.tickets.events import ParticipantAdded
from tugi.tickets.models import Participant

MOST_PARTICIPANTS = 50


@transaction.atomic
def add_participants(
    ticket_id: int, contact_ids: Iterable[int], *, actor: Actor, cause: int | None = None
) -> list[int]:
    """Let these contacts take part besides the requester; gives who is new.

    Who was removed once is not brought back, and beyond 50 nobody is added. Raises TicketIsMerged.
    """
    ticket = lock_ticket(ticket_id)
    known = set(Participant.objects.filter(ticket=ticket).values_list("contact_id", flat=True))
    wanted = [each for each in dict.fromkeys(contact_ids) if each not in known and each != ticket.contact_id]
    added = wanted[: max(MOST_PARTICIPANTS - len(known), 0)]
    now = clock.now()
    Participant.objects.bulk_create(
        Participant(ticket=ticket, contact_id=contact_id, added_at=now) for contact_id in added
    )
    for contact_id in added:
        fact = ParticipantAdded(ticket_id=ticket.pk, department_id=ticket.department_id, contact_id=contact_id)
        append(fact, actor=actor, cause=cause)
    return added
