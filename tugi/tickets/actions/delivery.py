"""What became of a reply on its way to the customer. Called by the channels' senders."""

from __future__ import annotations

from django.db import transaction

from tugi.core import clock
from tugi.events.actors import Actor
from tugi.events.log import append
from tugi.tickets.errors import TooLate
from tugi.tickets.events import DeliveryChanged, TicketAcknowledged
from tugi.tickets.models import Delivery, Message, MessageKind, Ticket
from tugi.tickets.retries import can_retry, is_held_up


def begin_delivery(message_id: int) -> bool:
    """Let go of a waiting reply; False if the agent has withdrawn it. Decides the race with undo.

    No event: to its readers it is on its way before and after, and `sent` or `failed` follows.
    """
    open_states = (Delivery.WAITING, Delivery.SENDING)
    waiting = Message.objects.filter(id=message_id, delivery__in=open_states)
    return bool(waiting.update(delivery=Delivery.SENDING))


@transaction.atomic
def record_delivery(message_id: int, *, delivery: Delivery, error: str = "", actor: Actor) -> Message:
    """Note at the message that it was sent, or failed with `error`, a reason (`tugi.core.reasons`).

    Who failed to get it is told to the desk: the ticket comes up in its lists, unread and marked.
    """
    if error or delivery == Delivery.FAILED:
        _hold_ticket(message_id)
    message = Message.objects.select_for_update().get(id=message_id)
    if message.delivery == delivery and message.delivery_error == error:
        return message
    if delivery == Delivery.SENT and message.delivery != Delivery.SENT:
        message.sent_at = clock.now()
    message.delivery, message.delivery_error = delivery, error
    message.save(update_fields=["delivery", "delivery_error", "sent_at"])
    if error or delivery == Delivery.FAILED:
        _mark_undelivered(message)
    _say(message, actor)
    return message


@transaction.atomic
def note_delay(message_id: int, *, error: str, actor: Actor) -> None:
    """Say at a reply that is leaving why it has not left yet. Nothing for one that has, or that was given up."""
    leaving = Message.objects.select_for_update()
    message = leaving.filter(id=message_id, delivery=Delivery.SENDING).first()
    if message is None or message.delivery_error == error:
        return
    message.delivery_error = error
    message.save(update_fields=["delivery_error"])
    _say(message, actor)


@transaction.atomic
def note_held_up(message_id: int, *, error: str, actor: Actor) -> None:
    """Say at a reply that was sent that it waits at a server on its way. What is known to have failed stays said."""
    sent = Message.objects.select_for_update()
    message = sent.filter(id=message_id, delivery=Delivery.SENT).first()
    if message is None or (message.delivery_error and not is_held_up(message.delivery_error)):
        return
    if message.delivery_error != error:
        message.delivery_error = error
        message.save(update_fields=["delivery_error"])
        _say(message, actor)


@transaction.atomic
def retry_delivery(message_id: int, *, actor: Actor) -> Message:
    """Send a reply again to whoever did not get it. Raises TooLate if it reached everybody, or is on its way,
    or if nobody knows who that is."""
    _hold_ticket(message_id)
    replies = Message.objects.select_for_update()
    message = replies.filter(id=message_id, kind=MessageKind.OUTBOUND).first()
    if message is None or not can_retry(message.delivery, message.delivery_error):
        raise TooLate
    message.delivery, message.delivery_error, message.send_at = Delivery.WAITING, "", clock.now()
    message.save(update_fields=["delivery", "delivery_error", "send_at"])
    Ticket.objects.filter(id=message.ticket_id).update(is_undelivered=False)
    _say(message, actor)
    return message


@transaction.atomic
def note_acknowledgement(ticket: Ticket, *, actor: Actor) -> None:
    """Note in the history that the customer was told of the ticket's arrival."""
    append(TicketAcknowledged(ticket_id=ticket.pk, department_id=ticket.department_id), actor=actor)


def _hold_ticket(message_id: int) -> None:
    """Lock the message's ticket before the message itself, as everybody does who needs both."""
    Ticket.objects.select_for_update(of=("self",)).filter(messages=message_id).order_by("id").first()


def _mark_undelivered(message: Message) -> None:
    """Bring the ticket up in the lists; but not for a reply that another one has followed."""
    later = Message.objects.filter(ticket=message.ticket_id, kind=MessageKind.OUTBOUND, id__gt=message.pk)
    if later.public().exists():
        return
    ticket = Ticket.objects.filter(id=message.ticket_id)
    ticket.update(is_undelivered=True, is_unread=True, active_at=clock.now())


def _say(message: Message, actor: Actor) -> None:
    fact = DeliveryChanged(
        ticket_id=message.ticket_id,
        department_id=message.ticket.department_id,
        message_id=message.pk,
        delivery=message.delivery,
    )
    append(fact, actor=actor)
