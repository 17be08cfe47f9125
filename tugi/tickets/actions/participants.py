"""Who takes part in a ticket besides the requester."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from tugi.core import clock
from tugi.core.errors import Invalid
from tugi.events.actors import Actor
from tugi.events.log import append
from tugi.tickets.actions.locking import lock_ticket
from tugi.tickets.events import ParticipantAdded, ParticipantRemoved
from tugi.tickets.models import Participant, Ticket, TicketLink

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
        _say(ParticipantAdded, ticket, contact_id, actor=actor, cause=cause)
    return added


@transaction.atomic
def add_participant(ticket_id: int, contact_id: int, *, actor: Actor) -> bool:
    """Let a contact take part because an agent wants it, removed before or not; False if it did already.

    Raises Invalid where 50 take part, TicketIsMerged.
    """
    ticket = lock_ticket(ticket_id)
    present = Participant.objects.filter(ticket=ticket, removed_at=None)
    if contact_id == ticket.contact_id or present.filter(contact=contact_id).exists():
        return False
    if present.count() >= MOST_PARTICIPANTS:
        raise Invalid(_("At most %(most)s people can take part.") % {"most": MOST_PARTICIPANTS}, add="too_many")
    again = {"added_at": clock.now(), "removed_at": None}
    Participant.objects.update_or_create(ticket=ticket, contact_id=contact_id, defaults=again)
    _say(ParticipantAdded, ticket, contact_id, actor=actor)
    return True


@transaction.atomic
def remove_participant(ticket_id: int, contact_id: int, *, actor: Actor) -> bool:
    """Let a contact take part no more: no copies, no key to the ticket's page, and no mail brings it back by itself.

    False if it takes no part. Raises TicketIsMerged.
    """
    ticket = lock_ticket(ticket_id)
    now = clock.now()
    present = Participant.objects.filter(ticket=ticket, contact=contact_id, removed_at=None)
    if not present.update(removed_at=now):
        return False
    TicketLink.objects.filter(ticket=ticket, contact=contact_id, revoked_at=None).update(revoked_at=now)
    _say(ParticipantRemoved, ticket, contact_id, actor=actor)
    return True


def _say(
    fact: type[ParticipantAdded | ParticipantRemoved],
    ticket: Ticket,
    contact_id: int,
    *,
    actor: Actor,
    cause: int | None = None,
) -> None:
    said = fact(ticket_id=ticket.pk, department_id=ticket.department_id, contact_id=contact_id)
    append(said, actor=actor, cause=cause)
