"""The index on PostgreSQL: a tsvector under GIN, which knows no order; newest first is made here.

The planner cannot tell when to walk the key backwards and when to take the bitmap, and is wrong by
seconds either way. So it is given no choice: first the newest rows by key, a bounded number; then the bitmap,
materialised, over a growing range of the newest documents, by their marks (`postgres_ranges`). How many hits a step
gave says how far the next one has to reach.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from django.db import connection

from tugi.tickets.search import postgres_ranges as ranges
from tugi.tickets.search.expression import Clause, Expression, Sequence, any_of

if TYPE_CHECKING:
    from tugi.tickets.search.index import Document

SLICE = 200
"""Rows that are read by key first: the frequent words are among them."""
LONGEST_SLICE = 1200
FEW = 3000
"""So many documents of any department are rather looked at than asked of GIN by department."""
LAST_POSITION = 16_383

Bounds = tuple[int, int, int]
"""Before which id, since which id, how many."""

_PUT = """
    INSERT INTO tickets_searchdocument (id, tokens) VALUES (%s, %s::tsvector)
    ON CONFLICT (id) DO UPDATE SET tokens = EXCLUDED.tokens
"""
_REMOVE = "DELETE FROM tickets_searchdocument WHERE id = ANY(%s)"
_BY_KEY = """
    SELECT id, tokens @@ %s::tsquery
    FROM tickets_searchdocument WHERE id < %s AND id >= %s ORDER BY id DESC LIMIT %s
"""
_BY_BITMAP = """
    WITH hits AS MATERIALIZED (SELECT id FROM tickets_searchdocument WHERE tokens @@ %s::tsquery)
    SELECT id FROM hits WHERE id < %s AND id >= %s ORDER BY id DESC LIMIT %s
"""
_BY_LOOSE_BITMAP = """
    WITH hits AS MATERIALIZED (SELECT id, tokens FROM tickets_searchdocument WHERE tokens @@ %s::tsquery)
    SELECT id FROM hits WHERE tokens @@ %s::tsquery AND id < %s AND id >= %s ORDER BY id DESC LIMIT %s
"""
_AMONG_FEW = """
    WITH hits AS MATERIALIZED (SELECT id, tokens FROM tickets_searchdocument WHERE tokens @@ %s::tsquery LIMIT %s)
    SELECT (SELECT count(*) FROM hits), ARRAY(
        SELECT id FROM hits WHERE tokens @@ %s::tsquery AND id < %s AND id >= %s ORDER BY id DESC LIMIT %s
    )
"""
_OF_TICKETS = """
    WITH given AS MATERIALIZED (
        SELECT document.id, document.tokens FROM tickets_message message
        JOIN tickets_searchdocument document ON document.id = message.id
        WHERE message.ticket_id = ANY(%s) AND message.id < %s AND message.id >= %s
    )
    SELECT id, true FROM given WHERE {condition} ORDER BY id DESC LIMIT %s
"""
_SETTLE = "SELECT gin_clean_pending_list('tickets_searchdocument_tokens')"
_END = 2**63 - 1


def put(documents: Iterable[Document]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(_PUT, [row_of(document) for document in documents])


def row_of(document: Document) -> tuple[int, str]:
    """The document as its row: its id, and a tsvector of its tokens and the marks of its ranges."""
    return document.message_id, vector(
        (*document.tokens, *ranges.marks_of_ranges(document.message_id, document.tokens))
    )


def remove(message_ids: Iterable[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_REMOVE, [list(message_ids)])


def clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM tickets_searchdocument")


def settle() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE)
        cursor.execute("ANALYZE tickets_searchdocument")


def newest(expression: Expression, *, before: int | None, limit: int, since: int = 0) -> list[int]:
    end = _END if before is None else before
    rows = _rows(_BY_KEY, [match(expression), end, since, SLICE])
    hits = [message_id for message_id, holds in rows if holds]
    if (wanted := _next_slice(len(hits), limit)) and len(rows) == SLICE:
        rows += _rows(_BY_KEY, [match(expression), rows[-1][0], since, wanted])
        hits = [message_id for message_id, holds in rows if holds]
    if len(hits) >= limit or len(rows) < SLICE + wanted:
        return hits[:limit]
    return _by_bitmap(expression, rows[0][0], len(hits) / len(rows), (end, since, limit))


def of_tickets(
    expression: Expression, ticket_ids: Collection[int], *, before: int | None, limit: int, since: int = 0
) -> list[int]:
    statement = _OF_TICKETS.format(condition="tokens @@ %s::tsquery" if expression else "true")
    end = _END if before is None else before
    asked = [match(expression)] if expression else []
    return [row[0] for row in _rows(statement, [list(ticket_ids), end, since, *asked, limit])]


def match(expression: Expression, between: str = " <-> ") -> str:
    """The expression as a tsquery; every token is quoted, so none can be an operator.

    `between` is what joins the tokens of a sequence.
    """
    return " & ".join(f"({_one_of(clause, between)})" for clause in expression)


def vector(tokens: Iterable[str]) -> str:
    """Tokens as a tsvector with their places, in which marks count too, so that no phrase spans one."""
    places: dict[str, list[str]] = {}
    for place, token in enumerate(tokens, 1):
        places.setdefault(token, []).append(str(min(place, LAST_POSITION)))
    return " ".join(f"{_quoted(token)}:{','.join(found)}" for token, found in places.items())


def _next_slice(hits: int, limit: int) -> int:
    """How many more rows by key will likely fill the page; 0 if none are wanted, or too many."""
    if not hits or hits >= limit:
        return 0
    likely = SLICE * (limit - hits) * 5 // (hits * 4)
    return likely if likely <= LONGEST_SLICE else 0


def _by_bitmap(expression: Expression, newest_id: int, density: float, bounds: Bounds) -> list[int]:
    """Ask ever more ranges, as many as the hits so far make it likely that they fill the page; then everywhere."""
    _end, since, limit = bounds
    departments, words = ranges.parted(expression)
    if departments is not None and not departments:
        return []
    sizes = ranges.RANGES if departments is None else ranges.DEPARTMENT_RANGES
    # A quarter more for luck.
    wanted = limit * 1.25 / max(density, ranges.LEAST_DENSITY)
    while reach := ranges.reach(sizes, wanted):
        bits, count = reach
        within, is_all = ranges.within(bits, count, newest_id, since, departments)
        hits = _holding((*words, within), bounds)
        if len(hits) >= limit or is_all:
            return hits
        wanted = max(2, min(limit * 1.25 / max(len(hits), 1), 16)) * (count << bits)
    found = _among_few(words, departments, bounds) if departments and words else None
    return _holding(expression, bounds) if found is None else found


def _holding(expression: Expression, bounds: Bounds) -> list[int]:
    """What GIN finds. A phrase is asked by its two longest words, which are its rarest, and read in what they give."""
    if all(len(sequence) == 1 for clause in expression for sequence in clause):
        rows = _rows(_BY_BITMAP, [match(expression), *bounds])
    else:
        loose = tuple(tuple(dict.fromkeys(map(_longest_two, clause))) for clause in expression)
        rows = _rows(_BY_LOOSE_BITMAP, [match(loose, " & "), match(expression), *bounds])
    return [row[0] for row in rows]


def _longest_two(sequence: Sequence) -> Sequence:
    return tuple(sorted(dict.fromkeys(sequence), key=lambda token: (-len(token), token))[:2])


def _among_few(words: Expression, departments: Collection[str], bounds: Bounds) -> list[int] | None:
    """The hits, if few documents hold the words in whatever department; else None."""
    end, since, limit = bounds
    with connection.cursor() as cursor:
        cursor.execute(_AMONG_FEW, [match(words), FEW, match((any_of(sorted(departments)),)), end, since, limit])
        count, hits = cursor.fetchone()
    return list(hits) if count < FEW else None


def _rows(statement: str, values: list[str | int | list[int]]) -> list[tuple[int, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[int, bool]] = cursor.fetchall()
        return found


def _one_of(clause: Clause, between: str) -> str:
    return " | ".join(f"({between.join(map(_quoted, sequence))})" for sequence in clause)


def _quoted(token: str) -> str:
    return "'{}'".format(token.replace("\\", "\\\\").replace("'", "''"))
