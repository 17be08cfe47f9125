"""What a day writes into the index is joined once a day."""

from __future__ import annotations

import pytest
from django.db import connection

from tugi.events.testing import run_due
from tugi.tickets.search.index import Document, engine
from tugi.tickets.search.plans import word_clauses
from tugi.tickets.search.query_language import parse

pytestmark = pytest.mark.django_db(transaction=True)
SEGMENT = 37
"""FTS5 keeps the number of a page's segment above so many bits of its id; the first pages belong to none."""


def test_many_small_writes_become_one() -> None:
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL tells nobody what waits in its list")
    write_one_by_one(100)
    assert segments() > 1

    run_due("tickets.search_index")

    assert segments() == 1


def test_what_was_found_is_found_after_it() -> None:
    write_one_by_one(100)

    run_due("tickets.search_index")

    assert engine().newest(tuple(word_clauses(parse("kettle"))), before=None, limit=200) == list(range(100, 0, -1))


def write_one_by_one(count: int) -> None:
    for number in range(1, count + 1):
        engine().put([Document(number, ("kettl", f"n{number}"))])


def segments() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(DISTINCT id >> %s) FROM tickets_searchdocument_data WHERE id >> %s > 0", [SEGMENT, SEGMENT]
        )
        return int(cursor.fetchone()[0])
