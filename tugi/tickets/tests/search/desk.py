"""Searching as the tests say it."""

from __future__ import annotations

from tugi.people.models import Agent
from tugi.tickets.models import Message, Ticket
from tugi.tickets.search import SearchPage, parse, search_tickets
from tugi.tickets.search.indexing import index_messages


def index_all() -> None:
    """What the consumer would have done by now."""
    index_messages(list(Message.objects.order_by("id").values_list("id", flat=True)))


def find(agent: Agent, text: str, before: int | None = None, limit: int = 50) -> SearchPage:
    return search_tickets(agent, parse(text), before, limit=limit)


def found(agent: Agent, text: str) -> list[int]:
    """Numbers of the tickets found, in their order."""
    ids = [hit.ticket_id for hit in find(agent, text).hits]
    numbers = Ticket.objects.in_bulk(ids)
    return [numbers[number].number for number in ids]
