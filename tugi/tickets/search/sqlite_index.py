"""The index on SQLite: FTS5 without content, fed with ready tokens. It yields the newest row first by itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from django.db import connection

from tugi.tickets.search.expression import Clause, Expression, any_of
from tugi.tickets.search.tokens import mark

if TYPE_CHECKING:
    from tugi.tickets.search.index import Document

_PUT = "INSERT OR REPLACE INTO tickets_searchdocument (rowid, tokens) VALUES (%s, %s)"
_REMOVE = "DELETE FROM tickets_searchdocument WHERE rowid = %s"
_NEWEST = """
    SELECT rowid FROM tickets_searchdocument
    WHERE tickets_searchdocument MATCH %s AND rowid < %s AND rowid >= %s
    ORDER BY rowid DESC LIMIT %s
"""
_MERGE = "INSERT INTO tickets_searchdocument (tickets_searchdocument, rank) VALUES ('merge', %s)"
_END = 2**63 - 1
MERGED_AT_ONCE = 500
"""Pages; a writer waits for the fraction of a second that they take."""


def put(documents: Iterable[Document]) -> None:
    with connection.cursor() as cursor:
        rows = [(document.message_id, " ".join(document.tokens)) for document in documents]
        cursor.executemany(_PUT, rows)


def remove(message_ids: Iterable[int]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(_REMOVE, [(message_id,) for message_id in message_ids])


def clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO tickets_searchdocument (tickets_searchdocument) VALUES ('delete-all')")


def settle() -> None:
    """Join what many small writes left apart, a little at a time. FTS5 begins anew with a negative number."""
    pages = -MERGED_AT_ONCE
    while _merge(pages) > 1:
        pages = MERGED_AT_ONCE


def newest(expression: Expression, *, before: int | None, limit: int, since: int = 0) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [match(expression), _END if before is None else before, since, limit])
        return [row[0] for row in cursor.fetchall()]


def of_tickets(
    expression: Expression, ticket_ids: Collection[int], *, before: int | None, limit: int, since: int = 0
) -> list[int]:
    tickets = any_of(mark("k", ticket_id) for ticket_id in sorted(ticket_ids))
    return newest((*expression, tickets), before=before, limit=limit, since=since)


def match(expression: Expression) -> str:
    """The expression in FTS5's own words; every token is quoted, so none can be an operator."""
    return " AND ".join(f"({_one_of(clause)})" for clause in expression)


def _one_of(clause: Clause) -> str:
    return " OR ".join('"{}"'.format(" ".join(sequence).replace('"', '""')) for sequence in clause)


def _merge(pages: int) -> int:
    """Give how many rows were written; fewer than two mean that nothing was left to do."""
    with connection.cursor() as cursor:
        before: int = connection.connection.total_changes
        cursor.execute(_MERGE, [pages])
        after: int = connection.connection.total_changes
        return after - before
