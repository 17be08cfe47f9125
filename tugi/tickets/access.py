"""The one way to a ticket for a page: loaded by who asks. What one may not see is not there."""

from __future__ import annotations

from tugi.core.errors import NotFound
from tugi.people.models import Agent, Permission
from tugi.tickets.models import Attachment, Delivery, Message, Ticket
from tugi.tickets.tag_column import tags_column

WHOLE = ("status", "department", "assignee")
MOST = 2**63 - 1


def ticket_for(agent: Agent, number: int, *, to: Permission = Permission.SEE_TICKETS, whole: bool = False) -> Ticket:
    """The ticket with this number, if the agent may see it and do `to` with it. Raises NotFound.

    `whole` brings what its page shows of other tables.
    """
    if number > MOST:
        raise NotFound
    tickets = Ticket.objects.visible_to(agent)
    if to != Permission.SEE_TICKETS:
        tickets = tickets.visible_to(agent, to)
    if whole:
        tickets = tickets.select_related(*WHOLE).annotate(tag_column=tags_column())
    try:
        return tickets.get(number=number)
    except Ticket.DoesNotExist:
        raise NotFound from None


def message_for(agent: Agent, number: int, message_id: int, *, to: Permission = Permission.SEE_TICKETS) -> Message:
    """A message of that very ticket. Raises NotFound for one of another ticket, and for a withdrawn one."""
    ticket = ticket_for(agent, number, to=to)
    messages = Message.objects.filter(ticket=ticket, id=min(message_id, MOST))
    message = messages.exclude(delivery=Delivery.WITHDRAWN).first()
    if message is None:
        raise NotFound
    return message


def attachment_for(agent: Agent, number: int, attachment_id: int) -> Attachment:
    """A file of that very ticket. Raises NotFound, also for what a virus was found in."""
    ticket = ticket_for(agent, number)
    files = Attachment.objects.filter(message__ticket=ticket, id=min(attachment_id, MOST))
    file = files.exclude(message__delivery=Delivery.WITHDRAWN).first()
    if file is None or file.scan == Attachment.Scan.INFECTED:
        raise NotFound
    return file
