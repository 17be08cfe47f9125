"""The index on PostgreSQL: a tsvector under GIN, which knows no order; newest first is made here.

The planner cannot tell when to walk the key backwards and when to take the bitmap, and is wrong by
seconds either way. So it is given no choice: first the newest rows by key, a bounded number; then the bitmap,
materialised, over a growing range of the newest documents. The range is a token of the document
(`_r11x12`: ids 12 · 2^11 to 13 · 2^11), so that GIN leaves out the rest before it touches the table. How many hits
a step gave says how far the next one has to reach.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from django.db import connection

from tugi.tickets.search.expression import Clause, Expression, any_of

if TYPE_CHECKING:
    from tugi.tickets.search.index import Document

RANGES = (11, 13, 15, 17, 19, 21)
"""How many bits of an id the marks of ranges leave out: 2 thousand documents in one, 8, 33, 131…"""
SLICE = 200
"""Rows that are read by key first: the frequent words are among them."""
LONGEST_SLICE = 1200
EVERYWHERE = 63
LEAST_DENSITY = 1 / 400
"""Taken for a word that did not occur among the first rows."""
LAST_POSITION = 16_383

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
    rows = [(document.message_id, vector((*document.tokens, *_ranges(document.message_id)))) for document in documents]
    with connection.cursor() as cursor:
        cursor.executemany(_PUT, rows)


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


def match(expression: Expression) -> str:
    """The expression as a tsquery; every token is quoted, so none can be an operator."""
    return " & ".join(f"({_one_of(clause)})" for clause in expression)


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


def _by_bitmap(expression: Expression, newest_id: int, density: float, bounds: tuple[int, int, int]) -> list[int]:
    """Ask range after range, each as wide as the hits so far make it likely that it fills the page."""
    end, since, limit = bounds
    bits = 0
    while True:
        bits = _wide_enough(density, limit, bits)
        query = match((*expression, *_within(bits, newest_id, since)))
        hits = [row[0] for row in _rows(_BY_BITMAP, [query, end, since, limit])]
        if len(hits) >= limit or bits == EVERYWHERE or newest_id >> bits == since >> bits:
            return hits
        density = len(hits) / (2 << bits)


def _wide_enough(density: float, limit: int, former: int) -> int:
    """The size of range that likely holds a page, larger than the former one."""
    larger = [bits for bits in RANGES if bits > former]
    # A range and the one before it are one and a half on average; a quarter more for luck.
    likely = [bits for bits in larger if max(density, LEAST_DENSITY) * (1 << bits) * 1.5 >= limit * 1.25]
    return likely[0] if likely else EVERYWHERE


def _within(bits: int, newest_id: int, since: int) -> list[Clause]:
    if bits == EVERYWHERE:
        return []
    last = newest_id >> bits
    first = max(last - 1, since >> bits)
    return [any_of(_range(bits, number) for number in range(first, last + 1))]


def _rows(statement: str, values: list[str | int | list[int]]) -> list[tuple[int, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[int, bool]] = cursor.fetchall()
        return found


def _one_of(clause: Clause) -> str:
    return " | ".join(f"({' <-> '.join(map(_quoted, sequence))})" for sequence in clause)


def _quoted(token: str) -> str:
    return "'{}'".format(token.replace("\\", "\\\\").replace("'", "''"))


def _ranges(message_id: int) -> list[str]:
    return [_range(bits, message_id >> bits) for bits in RANGES]


def _range(bits: int, number: int) -> str:
    return f"_r{bits}x{number}"
