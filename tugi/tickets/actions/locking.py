"""Holding a ticket still while it changes."""

from __future__ import annotations

from tugi.core.errors import NotFound
from tugi.tickets.errors import StaleTicket, TicketIsMerged
from tugi.tickets.models import Ticket


def lock_ticket(ticket_id: int, *, version: int | None = None) -> Ticket:
    """The ticket, locked until the transaction ends.

    `version` is what the caller last read; None means it does not mind what others did meanwhile.
    Raises NotFound, TicketIsMerged, or StaleTicket with the number of changes missed.
    """
    try:
        # Joined with nothing. PostgreSQL that had to wait reads the ticket anew but not what it was joined with, and
        # finds no row where the ticket has another status by now.
        ticket = Ticket.objects.select_for_update().get(id=ticket_id)
    except Ticket.DoesNotExist as gone:
        raise NotFound from gone
    if ticket.is_merged:
        raise TicketIsMerged(target_id=ticket.merged_into_id)
    if version is not None and version != ticket.version:
        raise StaleTicket(ticket_id=ticket.pk, version=ticket.version, missed=ticket.version - version)
    return ticket


def save_change(ticket: Ticket, *fields: str) -> None:
    """Write changed fields and count the change."""
    ticket.version += 1
    ticket.save(update_fields=[*fields, "version"])
