from __future__ import annotations

from tugi.people.models import Agent, Permission
from tugi.tickets.models import Stage, Ticket
from tugi.tickets.queries.found import rows_found
from tugi.tickets.queries.rows import Row, rows_among

MOST = 8


def candidates(agent: Agent, ticket: Ticket, query: str) -> tuple[Row, ...]:
    """Tickets that this one could go into: the one with that number, those found by words, or without a
    query the contact's other tickets."""
    tickets = Ticket.objects.visible_to(agent, Permission.MERGE).filter(merged_into=None).exclude(id=ticket.pk)
    number = query.removeprefix("#")
    if number.isdecimal() and len(number) < 19:
        return rows_among(tickets.filter(number=int(number)))
    if query:
        return tuple(row for row in rows_found(agent, query, MOST) if row.id != ticket.pk and row.stage != Stage.MERGED)
    return rows_among(tickets.filter(contact=ticket.contact_id).order_by("-active_at", "-id")[:MOST])
