"""Builds one desk: `python -m bench.build TICKETS`, in the environment of the desk (`bench.desk` starts it).

The only place that writes past the actions. A million tickets made by actions would take a day; here the rows are
what the actions would have left (ticket, messages, facts, mail, index), written in bulk and never touched by tests.
Chunks are committed with a mark of their own: an interrupted building goes on where it was.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from types import ModuleType
from typing import Any

import django

MAKERS = 2
AHEAD = 3
"""Chunks that are made up while one is written."""


def main() -> int:
    set_up()
    from django.db import connection, transaction

    from bench import conversations, progress, standing
    from tugi.tickets.models import Status

    tickets = int(sys.argv[1])
    bulk = _engine()
    statuses: dict[str, int] = {status.category: status.pk for status in Status.objects.all()}
    plan = conversations.Plan(tickets, statuses)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_chunk (number INTEGER PRIMARY KEY)")
        cursor.execute("SELECT number FROM bench_chunk")
        done = {row[0] for row in cursor.fetchall()}
    missing = [number for number in range(plan.chunks) if number not in done]
    bulk.begin(drops_indexes=bool(missing))
    bar = progress.Bar(f"{tickets:,} tickets on {connection.vendor}", plan.chunks, len(done))
    for number, payload in _payloads(plan, missing):
        with transaction.atomic(), connection.cursor() as cursor:
            bulk.write(payload)
            cursor.execute("INSERT INTO bench_chunk VALUES (%s)", [number])
        bar.step()
    bar.say("indexes")
    bulk.finish()
    bar.say("departments, agents, words")
    standing.settle(plan)
    bar.end()
    return 0


def set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tugi.settings")
    django.setup()


def make(number: int, plan: Any) -> Any:
    """A chunk, ready to be written. Runs in a process of its own."""
    from bench import conversations

    return _engine().render(*conversations.chunk(number, plan))


def _payloads(plan: Any, numbers: list[int]) -> Iterator[tuple[int, Any]]:
    with ProcessPoolExecutor(MAKERS, initializer=set_up) as pool:
        waiting: list[tuple[int, Future[Any]]] = []
        for number in numbers:
            waiting.append((number, pool.submit(make, number, plan)))
            if len(waiting) > AHEAD:
                first, future = waiting.pop(0)
                yield first, future.result()
        for first, future in waiting:
            yield first, future.result()


def _engine() -> ModuleType:
    from django.db import connection

    from bench import bulk_postgresql, bulk_sqlite

    return bulk_postgresql if connection.vendor == "postgresql" else bulk_sqlite


if __name__ == "__main__":
    sys.exit(main())
