"""Tickets that a search found, as rows whose words say where the match is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tugi.people.models import Agent
from tugi.tickets.models import Ticket
from tugi.tickets.queries.rows import Row, rows_among
from tugi.tickets.search import Hit, Part, Sought, highlight, parse, search_tickets, snippets


@dataclass(frozen=True)
class FoundRow:
    """A row with its subject and the matching message in parts, of which some are the match."""

    row: Row
    subject: tuple[Part, ...]
    snippet: tuple[Part, ...]


@dataclass(frozen=True)
class Found:
    """`next` is where to look on; `jump` the number of the ticket whose number was typed."""

    rows: tuple[FoundRow, ...]
    next: int | None
    jump: int | None
    hints: tuple[str, ...]


def found_tickets(agent: Agent, words: str, before: int | None = None) -> Found:
    """What this agent finds by these words. The rows are read through `visible_to` again."""
    query = parse(words)
    result = search_tickets(agent, query, before)
    rows = {row.id: row for row in rows_among(Ticket.objects.visible_to(agent).filter(id__in=_ids(result.hits)))}
    sought = Sought(query)
    texts = snippets(agent, result.hits, sought)
    shown = [(hit, rows[hit.ticket_id]) for hit in result.hits if hit.ticket_id in rows]
    return Found(
        rows=tuple(
            FoundRow(row, tuple(highlight(row.subject, sought)), tuple(texts.get(hit.message_id, ())))
            for hit, row in shown
        ),
        next=result.cursor if result.more else None,
        jump=_number(agent, result.jump),
        hints=result.hints,
    )


def rows_found(agent: Agent, words: str, limit: int) -> tuple[Row, ...]:
    """The first rows alone, for a short list of choices."""
    result = search_tickets(agent, parse(words), limit=limit)
    return rows_among(Ticket.objects.visible_to(agent).filter(id__in=_ids(result.hits)))


def _ids(hits: Iterable[Hit]) -> list[int]:
    return [hit.ticket_id for hit in hits]


def _number(agent: Agent, ticket_id: int | None) -> int | None:
    if ticket_id is None:
        return None
    return Ticket.objects.visible_to(agent).filter(id=ticket_id).values_list("number", flat=True).first()
