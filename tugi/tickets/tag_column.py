"""The tags of tickets in the very query that reads the tickets: a query of their own is more than they are worth."""

from __future__ import annotations

from django.db import connection
from django.db.models import TextField
from django.db.models.expressions import RawSQL

from tugi.tickets.models import Ticket

BETWEEN, WITHIN = "\x1f", "\x1e"
"""Stand between tags, and between a tag's id and name: characters that no name holds."""
SQL = """(
    SELECT {join}(CAST(g.id AS TEXT) || %s || g.name, %s)
    FROM tickets_ticket_tags AS tt JOIN tickets_tag AS g ON g.id = tt.tag_id
    WHERE tt.ticket_id = {ticket}.id
)"""
VALUES = (WITHIN, BETWEEN)
JOIN = {"sqlite": "group_concat", "postgresql": "string_agg"}


def tags_sql(ticket: str) -> str:
    """All tags of a ticket in one value, to be read by `read_tags`: the expression for a statement in which the table
    of tickets is called `ticket`. Its places take `VALUES`."""
    return SQL.format(join=JOIN[connection.vendor], ticket=ticket)


def tags_column() -> RawSQL:
    """The same for querysets of tickets."""
    return RawSQL(tags_sql("tickets_ticket"), VALUES, output_field=TextField())  # noqa: S611 - fixed text


def read_tags(value: str | None) -> dict[int, str]:
    """Names by id, in the order of the names."""
    if not value:
        return {}
    pairs = [pair.split(WITHIN, 1) for pair in value.split(BETWEEN)]
    return {int(id_): name for id_, name in sorted(pairs, key=lambda pair: pair[1].lower())}


def tags_of(ticket: Ticket) -> dict[int, str]:
    """Of a ticket that was read with `tag_column=tags_column()`."""
    return read_tags(getattr(ticket, "tag_column"))  # noqa: B009 - an annotation
