"""What is said in a ticket: by the customer, to the customer, and among agents."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from tugi.core import clock
from tugi.core.text import snippet
from tugi.events import actors
from tugi.events.actors import Actor
from tugi.events.log import append
from tugi.events.models import Event
from tugi.people.models import Agent
from tugi.tickets.actions.drafts import ask_if_answered, give_back, message_of
from tugi.tickets.actions.fields import assign_ticket, can_take, set_status
from tugi.tickets.actions.locking import lock_ticket
from tugi.tickets.actions.writing import write_from_agent, write_incoming
from tugi.tickets.content import Content, Incoming
from tugi.tickets.errors import TooLate
from tugi.tickets.events import MessageReceived, NoteAdded, ReplyWithdrawn, ReplyWritten, StatusChanged, TicketAssigned
from tugi.tickets.models import (
    Category,
    Delivery,
    Message,
    MessageKind,
    Status,
    Ticket,
)

SNIPPET_LENGTH = 200
AUTHOR_LENGTH = 160
REOPENED_BY_CUSTOMER = (Category.PENDING, Category.ON_HOLD, Category.RESOLVED, Category.CLOSED)


@transaction.atomic
def receive_message(ticket_id: int, incoming: Incoming, *, actor: Actor, cause: int | None = None) -> Message:
    """The customer's side says something in an existing ticket.

    A person's message reopens what waited or was resolved; a machine's (RFC 3834) does not. An assignee who has left,
    or has no access any more, lets go of the ticket: nobody would see the answer.
    """
    ticket = lock_ticket(ticket_id)
    message = add_incoming(ticket, incoming, actor=actor, cause=cause)
    if not incoming.is_automatic and _has_lost_its_agent(ticket):
        ticket = assign_ticket(ticket_id, to=None, actor=actors.system("channel"), cause=cause)
    if not incoming.is_automatic and ticket.status.category in REOPENED_BY_CUSTOMER:
        set_status(ticket, Status.objects.first_of(Category.OPEN), actor=actor, cause=cause)
    return message


@transaction.atomic
def reply(
    ticket_id: int,
    content: Content,
    *,
    author: Agent,
    undo_for: timedelta,
    actor: Actor,
    to: tuple[str, ...] = (),
    cc: tuple[str, ...] = (),
    then: Status | None = None,
    cause: int | None = None,
) -> Message:
    """An agent answers the customer, and may set a status with it.

    The message leaves when `undo_for` has passed. Without `then` a new ticket becomes open. A ticket that nobody
    has becomes its author's.
    A draft that was sent before is answered with its message. Raises NothingToSay, DraftTaken, AnsweredMeanwhile,
    TicketIsMerged.
    """
    ticket = lock_ticket(ticket_id)
    if (before := message_of(ticket, content, MessageKind.OUTBOUND, author)) is not None:
        return before
    ask_if_answered(ticket, content, author)
    message = write_from_agent(ticket, content, MessageKind.OUTBOUND, author)
    message.to, message.cc = list(to), list(cc)
    message.delivery, message.send_at = Delivery.WAITING, message.created_at + undo_for
    message.save(update_fields=["to", "cc", "delivery", "send_at"])
    _note_answered(ticket, message)
    fact = ReplyWritten(ticket_id=ticket.pk, department_id=ticket.department_id, message_id=message.pk)
    _follow_up(ticket, author, then, actor=actor, cause=append(fact, actor=actor, cause=cause))
    return message


def _has_lost_its_agent(ticket: Ticket) -> bool:
    return ticket.assignee is not None and not can_take(ticket.assignee, ticket.department_id)


def _note_answered(ticket: Ticket, message: Message) -> None:
    ticket.waiting_since = None
    ticket.is_unread = ticket.is_undelivered = False
    bring_up(ticket, message)
    _save_list_columns(ticket)


def _follow_up(ticket: Ticket, author: Agent, then: Status | None, *, actor: Actor, cause: Event) -> None:
    """What a reply does to the ticket besides being in it; a withdrawn one takes this back (`_undo_follow_up`)."""
    if then is None and ticket.status.category == Category.NEW:
        then = Status.objects.first_of(Category.OPEN)
    if then is not None:
        set_status(ticket, then, actor=actor, cause=cause)
    if ticket.assignee_id is None and can_take(author, ticket.department_id):
        assign_ticket(ticket.pk, to=author, actor=actor, cause=cause)


@transaction.atomic
def add_note(ticket_id: int, content: Content, *, author: Agent, actor: Actor, cause: int | None = None) -> Message:
    """An agent leaves a note that only the desk sees; the same draft leaves one.

    Raises NothingToSay, DraftTaken, TicketIsMerged.
    """
    ticket = lock_ticket(ticket_id)
    if (before := message_of(ticket, content, MessageKind.NOTE, author)) is not None:
        return before
    message = write_from_agent(ticket, content, MessageKind.NOTE, author)
    ticket.message_count += 1
    ticket.save(update_fields=["message_count"])
    fact = NoteAdded(ticket_id=ticket.pk, department_id=ticket.department_id, message_id=message.pk)
    append(fact, actor=actor, cause=cause)
    return message


@transaction.atomic
def withdraw_reply(message_id: int, *, actor: Actor) -> Message:
    """Take a reply back while its undo window is open, with the status and the assignment that came with it.

    Raises TooLate once it is leaving.
    """
    message = Message.objects.get(id=message_id)
    ticket = lock_ticket(message.ticket_id)
    waiting = Message.objects.filter(
        id=message_id, kind=MessageKind.OUTBOUND, delivery=Delivery.WAITING, send_at__gt=clock.now()
    )
    if not waiting.update(delivery=Delivery.WITHDRAWN):
        raise TooLate
    give_back(message)
    ticket.message_count -= 1
    refresh_list_columns(ticket)
    fact = ReplyWithdrawn(ticket_id=ticket.pk, department_id=ticket.department_id, message_id=message_id)
    _undo_follow_up(ticket, message_id, actor=actor, cause=append(fact, actor=actor))
    message.refresh_from_db()
    return message


def _undo_follow_up(ticket: Ticket, message_id: int, *, actor: Actor, cause: Event) -> None:
    """Take back what a reply did to the ticket, as far as nobody has changed it since."""
    events = Event.objects.of_ticket(ticket.pk)
    written = events.filter(kind=ReplyWritten.kind, data__message_id=message_id).first()
    followed = {event.kind: event.data for event in events.filter(cause_id=written.pk)} if written else {}
    status, assigned = followed.get(StatusChanged.kind), followed.get(TicketAssigned.kind)
    if status and status["after"] == ticket.status_id:
        before = Status.objects.filter(id=status["before"]).first()
        set_status(ticket, before or ticket.status, actor=actor, cause=cause)
    if assigned and assigned["after"] == ticket.assignee_id:
        assign_ticket(ticket.pk, to=None, actor=actor, cause=cause)


def mark_read(ticket_id: int) -> None:
    """Somebody at the desk has seen the newest message. Looking is not a fact, so no event is written."""
    Ticket.objects.filter(id=ticket_id, is_unread=True).update(is_unread=False)


def add_incoming(ticket: Ticket, incoming: Incoming, *, actor: Actor, cause: int | Event | None) -> Message:
    """Write the message and bring the ticket up; the caller holds the ticket's lock."""
    message = write_incoming(ticket, incoming, MessageKind.INBOUND)
    bring_up(ticket, message)
    _save_list_columns(ticket)
    say_received(message, ticket, actor=actor, cause=cause)
    return message


def say_received(
    message: Message, ticket: Ticket, *, actor: Actor, cause: int | Event | None, first: bool = False
) -> None:
    """Put the message into the log."""
    append(
        MessageReceived(
            ticket_id=ticket.pk,
            department_id=ticket.department_id,
            message_id=message.pk,
            automatic=message.is_automatic,
            first=first,
        ),
        actor=actor,
        cause=cause,
    )


def bring_up(ticket: Ticket, message: Message) -> None:
    """Let the ticket's list columns say what its newest public message says. The caller saves them."""
    _show(ticket, message)
    ticket.message_count += 1
    if message.kind == MessageKind.INBOUND:
        ticket.is_unread = True
        if not message.is_automatic:
            ticket.waiting_since = ticket.waiting_since or message.created_at


def refresh_list_columns(ticket: Ticket) -> None:
    """Let the list columns say what the public messages say after some were taken away or came in."""
    public = Message.objects.filter(ticket=ticket).public()
    newest = public.order_by("-id").first()
    if newest is not None:
        _show(ticket, newest)
    ticket.waiting_since = _unanswered_since(public)
    _save_list_columns(ticket)


def _show(ticket: Ticket, message: Message) -> None:
    ticket.active_at = message.created_at
    ticket.last_kind = message.kind
    ticket.last_author = (message.author_name or message.author_address)[:AUTHOR_LENGTH]
    ticket.snippet = snippet(message.text, SNIPPET_LENGTH)


def _unanswered_since(public: QuerySet[Message]) -> datetime | None:
    """When the oldest of a person's messages came that the desk has not answered."""
    answers = public.filter(kind=MessageKind.OUTBOUND).order_by("-id")
    asked = public.filter(
        kind=MessageKind.INBOUND, is_automatic=False, id__gt=answers.values_list("id", flat=True).first() or 0
    )
    return asked.order_by("id").values_list("created_at", flat=True).first()


def _save_list_columns(ticket: Ticket) -> None:
    ticket.save(
        update_fields=[
            "active_at",
            "last_kind",
            "last_author",
            "snippet",
            "message_count",
            "waiting_since",
            "is_unread",
            "is_undelivered",
        ]
    )
