"""What tests of every floor share: a clock that stands still, pinned numbers of queries, pieces of pages.

People stand in `tugi.people.testing`, tickets in `tugi.tickets.testing`; both bring the same cast.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Protocol

import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
"""Headers of an htmx request for a part of a page: `client.get(url, headers=HTMX)`."""


class Answer(Protocol):
    status_code: int
    content: Any


@contextmanager
def at(moment: str | datetime) -> Iterator[time_machine.Traveller]:
    """Stop the clock at a moment ("2026-11-23T09:00:00+00:00"); gives the traveller."""
    instant = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    assert instant.tzinfo is not None, "name the zone"
    with time_machine.travel(instant, tick=False) as traveller:
        yield traveller


@contextmanager
def most_queries(limit: int) -> Iterator[CaptureQueriesContext]:
    """Fail, with the statements, if more than `limit` of them ran. Transaction control is not counted."""
    with CaptureQueriesContext(connection) as seen:
        yield seen
    statements = [query["sql"] for query in seen.captured_queries if _is_query(query["sql"])]
    listing = "\n".join(f"{place}. {sql}" for place, sql in enumerate(statements, 1))
    assert len(statements) <= limit, f"{len(statements)} queries, {limit} allowed:\n{listing}"


def assert_fragment(answer: Answer, element_id: str) -> str:
    """The answer is a piece of a page that holds this id, not a whole page. Gives its text."""
    text: str = answer.content.decode()
    assert answer.status_code == 200, answer.status_code
    assert "<html" not in text, "a whole page came where a piece was asked for"
    assert f'id="{element_id}"' in text, f"no #{element_id} in:\n{text[:2000]}"
    return text


def _is_query(sql: str) -> bool:
    return not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT"))
