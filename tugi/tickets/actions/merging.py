"""Two tickets that are one: messages move to the older work, and can move back exactly."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tugi.core import clock
from tugi.core.errors import NotFound
from tugi.events.actors import Actor
from tugi.events.log import append
from tugi.people.models import Contact
from tugi.tickets.actions.locking import save_change
from tugi.tickets.actions.messages import refresh_list_columns
from tugi.tickets.errors import CannotMerge, TicketIsMerged
from tugi.tickets.events import MergeUndone, TicketAbsorbed, TicketMerged
from tugi.tickets.models import Delivery, Merge, MergedMessage, Message, Participant, Stage, Ticket


@transaction.atomic
def merge_tickets(source_id: int, *, into: int, actor: Actor) -> Merge:
    """Move all messages of `source_id` into the ticket `into`; the source points there from now on.

    Raises CannotMerge for a ticket with itself, TicketIsMerged if either is merged already.
    """
    source, target = _lock_two(source_id, into)
    if source.pk == target.pk:
        raise CannotMerge
    if source.is_merged or target.is_merged:
        raise TicketIsMerged
    now = clock.now()
    merge = Merge.objects.create(source=source, target=target, source_status=source.status, merged_at=now)
    moved = list(Message.objects.filter(ticket=source).values_list("id", flat=True))
    MergedMessage.objects.bulk_create(MergedMessage(merge=merge, message_id=id_) for id_ in moved)
    Message.objects.filter(id__in=moved).update(ticket=target)
    _let_take_part(target, source.contact, since=now)
    source.merged_into, source.stage = target, Stage.MERGED
    save_change(source, "merged_into", "stage")
    _settle(source, target)
    said = append(
        TicketMerged(
            ticket_id=source.pk,
            department_id=source.department_id,
            target_id=target.pk,
            target_number=target.number,
            merge_id=merge.pk,
        ),
        actor=actor,
    )
    append(
        TicketAbsorbed(
            ticket_id=target.pk,
            department_id=target.department_id,
            source_id=source.pk,
            source_number=source.number,
            merge_id=merge.pk,
        ),
        actor=actor,
        cause=said,
    )
    return merge


@transaction.atomic
def undo_merge(merge_id: int, *, actor: Actor) -> Merge:
    """Send the messages that came with a merge back, and the source to its old status.

    What was said in the target since stays there. Raises CannotMerge if it was undone already,
    TicketIsMerged if the target has gone into another ticket since: that merge is undone first.
    """
    merge = Merge.objects.select_for_update(of=("self",)).filter(id=merge_id).first()
    if merge is None:
        raise NotFound
    source, target = _lock_two(merge.source_id, merge.target_id)
    if merge.undone_at is not None:
        raise CannotMerge
    if target.is_merged:
        raise TicketIsMerged
    moved = list(merge.moved.values_list("message_id", flat=True))
    Message.objects.filter(id__in=moved, ticket=target).update(ticket=source)
    # Whoever came in with the merge goes with it, or would get copies of what is none of their business.
    Participant.objects.filter(ticket=target, contact=source.contact, added_at=merge.merged_at).delete()
    merge.undone_at = clock.now()
    merge.save(update_fields=["undone_at"])
    source.merged_into, source.stage = None, source.status.stage
    save_change(source, "merged_into", "stage")
    _settle(source, target)
    for ticket in (target, source):
        append(
            MergeUndone(
                ticket_id=ticket.pk,
                department_id=ticket.department_id,
                source_id=source.pk,
                source_number=source.number,
                merge_id=merge.pk,
            ),
            actor=actor,
        )
    return merge


def _lock_two(first: int, second: int) -> tuple[Ticket, Ticket]:
    """Both tickets, locked in one order so that two merges at once cannot wait for each other."""
    rows = Ticket.objects.select_for_update(of=("self",)).select_related("status", "contact").order_by("id")
    found = {ticket.pk: ticket for ticket in rows.filter(id__in=[first, second])}
    if first not in found or second not in found:
        raise NotFound
    return found[first], found[second]


def _let_take_part(ticket: Ticket, contact: Contact, *, since: datetime) -> None:
    if contact.pk != ticket.contact_id:
        Participant.objects.get_or_create(ticket=ticket, contact=contact, defaults={"added_at": since})


def _settle(*tickets: Ticket) -> None:
    for ticket in tickets:
        told = Message.objects.filter(ticket=ticket).exclude(delivery=Delivery.WITHDRAWN)
        ticket.message_count = told.count()
        refresh_list_columns(ticket)
