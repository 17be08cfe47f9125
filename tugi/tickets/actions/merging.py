"""Two tickets that are one: messages move to the older work, and can move back exactly."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from tugi.core import clock
from tugi.core.errors import NotFound
from tugi.events.actors import Actor
from tugi.events.log import append
from tugi.tickets.actions.locking import save_change
from tugi.tickets.actions.messages import refresh_list_columns
from tugi.tickets.actions.participants import MOST_PARTICIPANTS
from tugi.tickets.errors import CannotMerge, TicketIsMerged
from tugi.tickets.events import MergeUndone, TicketAbsorbed, TicketMerged
from tugi.tickets.models import Delivery, Merge, MergedMessage, Message, Participant, Stage, Ticket


@transaction.atomic
def merge_tickets(source_id: int, *, into: int, actor: Actor) -> Merge:
    """Move all messages of `source_id` into the ticket `into`; the source points there from now on.

    Who took part in the source takes part in the target, unless removed there. Raises CannotMerge for a ticket
    with itself, TicketIsMerged if either is merged already.
    """
    source, target = _lock_two(source_id, into)
    if source.pk == target.pk:
        raise CannotMerge
    if source.is_merged or target.is_merged:
        raise TicketIsMerged
    merge = Merge.objects.create(source=source, target=target, source_status=source.status, merged_at=clock.now())
    _move_messages(merge)
    _bring_people(merge)
    source.merged_into, source.stage = target, Stage.MERGED
    save_change(source, "merged_into", "stage")
    _settle(source, target)
    _say_merged(merge, actor)
    return merge


@transaction.atomic
def undo_merge(merge_id: int, *, actor: Actor) -> Merge:
    """Send the messages and the people that came with a merge back, and the source to its old status.

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
    # Whom an agent has removed since stays removed, also from the next merge.
    untouched = Q(removed_at=None) | Q(removed_at=merge.merged_at)
    came = Participant.objects.filter(untouched, ticket=target, added_at=merge.merged_at)
    came.filter(contact__in=[*_people_of(source), *_removed_from(source)]).delete()
    merge.undone_at = clock.now()
    merge.save(update_fields=["undone_at"])
    source.merged_into, source.stage = None, source.status.stage
    save_change(source, "merged_into", "stage")
    _settle(source, target)
    _say_undone(merge, (target, source), actor)
    return merge


def _move_messages(merge: Merge) -> None:
    moved = list(Message.objects.filter(ticket=merge.source).values_list("id", flat=True))
    MergedMessage.objects.bulk_create(MergedMessage(merge=merge, message_id=id_) for id_ in moved)
    Message.objects.filter(id__in=moved).update(ticket=merge.target)


def _bring_people(merge: Merge) -> None:
    """The source's people into the target, marked by the instant of the merge so that it can be undone.

    Who was removed from the source is removed from the target too, unless it knows better: a second merge is no way in.
    """
    rows = Participant.objects.filter(ticket=merge.target)
    known = {merge.target.contact_id, *rows.values_list("contact_id", flat=True)}
    room = max(MOST_PARTICIPANTS - rows.filter(removed_at=None).count(), 0)
    new = [each for each in _people_of(merge.source) if each not in known][:room]
    gone = [each for each in _removed_from(merge.source) if each not in known]
    at = merge.merged_at
    Participant.objects.bulk_create(
        [
            *(Participant(ticket=merge.target, contact_id=each, added_at=at) for each in new),
            *(Participant(ticket=merge.target, contact_id=each, added_at=at, removed_at=at) for each in gone),
        ]
    )


def _people_of(ticket: Ticket) -> list[int]:
    present = Participant.objects.filter(ticket=ticket, removed_at=None).order_by("id")
    return [ticket.contact_id, *present.values_list("contact_id", flat=True)]


def _removed_from(ticket: Ticket) -> list[int]:
    removed = Participant.objects.filter(ticket=ticket).exclude(removed_at=None).exclude(contact=ticket.contact_id)
    return list(removed.order_by("id").values_list("contact_id", flat=True))


def _say_merged(merge: Merge, actor: Actor) -> None:
    source, target = merge.source, merge.target
    merged = TicketMerged(
        ticket_id=source.pk,
        department_id=source.department_id,
        target_id=target.pk,
        target_number=target.number,
        merge_id=merge.pk,
    )
    absorbed = TicketAbsorbed(
        ticket_id=target.pk,
        department_id=target.department_id,
        source_id=source.pk,
        source_number=source.number,
        merge_id=merge.pk,
    )
    append(absorbed, actor=actor, cause=append(merged, actor=actor))


def _say_undone(merge: Merge, tickets: tuple[Ticket, Ticket], actor: Actor) -> None:
    for ticket in tickets:
        undone = MergeUndone(
            ticket_id=ticket.pk,
            department_id=ticket.department_id,
            source_id=merge.source_id,
            source_number=merge.source.number,
            merge_id=merge.pk,
        )
        append(undone, actor=actor)


def _lock_two(first: int, second: int) -> tuple[Ticket, Ticket]:
    """Both tickets, locked in one order so that two merges at once cannot wait for each other."""
    rows = Ticket.objects.select_for_update().order_by("id")
    found = {ticket.pk: ticket for ticket in rows.filter(id__in=[first, second])}
    if first not in found or second not in found:
        raise NotFound
    return found[first], found[second]


def _settle(*tickets: Ticket) -> None:
    for ticket in tickets:
        told = Message.objects.filter(ticket=ticket).exclude(delivery=Delivery.WITHDRAWN)
        ticket.message_count = told.count()
        refresh_list_columns(ticket)
