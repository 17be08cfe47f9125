"""The log under fire: eight writers with uneven transactions, two runners that are killed again and again.

Run as a program with a database URL; prints what it found as one line of JSON. It makes its own tables
beside the log's, and everything that touches the database runs in a child.
"""

# ruff: noqa: S311  chance drives the load and guards nothing
from __future__ import annotations

import contextlib
import json
import multiprocessing
import random
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
from django.conf import settings

from tugi.core import database, sqlite

WRITERS, RUNNERS, TICKETS = 8, 2, 40
KILL_AFTER = (0.1, 0.5)
forks = multiprocessing.get_context("fork")


def configure(url: str) -> None:
    """Only the log's own apps, on the product's own database settings."""
    sqlite.use_safe_library()
    settings.configure(
        INSTALLED_APPS=["tugi.core", "tugi.events"],
        DATABASES={"default": database.settings_for(url, Path("unused"), threads=4)},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        LOGGING_CONFIG=None,
    )
    django.setup()


def say_and_listen() -> None:
    """Register one fact and the two consumers that keep books about it."""
    from tugi.events.consumers import consumer
    from tugi.events.facts import Fact, Names, fact
    from tugi.events.models import Event

    @fact("probe.moved", public=False)
    @dataclass(frozen=True)
    class Moved(Fact):
        """A ticket took its next step."""

        ticket_id: int
        step: int

        def sentence(self, name: Names) -> str:
            return f"step {self.step}"

    @consumer("fire.ledger", on=[Moved], from_start=True)
    def keep_ledger(event: Event, fact: Fact) -> None:
        execute("INSERT INTO fire_ledger (event_id, seq) VALUES (%s, %s)", event.id, event.seq)

    @consumer("fire.tally", on=[Moved], from_start=True)
    def keep_tally(event: Event, fact: Fact) -> None:
        ticket, step = event.data["ticket_id"], event.data["step"]
        sql = "UPDATE fire_tally SET step = %s WHERE ticket_id = %s AND step = %s"
        assert execute(sql, step, ticket, step - 1) == 1, f"ticket {ticket}: step {step} came out of turn"


def execute(sql: str, *values: Any) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def rows(sql: str, *values: Any) -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def make_tables() -> None:
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    key = "BIGSERIAL PRIMARY KEY" if connection.vendor == "postgresql" else "INTEGER PRIMARY KEY AUTOINCREMENT"
    execute(f"CREATE TABLE fire_ledger (id {key}, event_id BIGINT, seq BIGINT)")
    for table in ("fire_ticket", "fire_tally"):
        execute(f"CREATE TABLE {table} (ticket_id BIGINT PRIMARY KEY, step BIGINT)")
    for ticket in range(TICKETS):
        execute("INSERT INTO fire_ticket VALUES (%s, 0)", ticket)
        execute("INSERT INTO fire_tally VALUES (%s, 0)", ticket)


def write(seed: int, ends_at: float) -> None:
    """Move random tickets in transactions of random length; one in ten is undone."""
    from django.db import OperationalError, connection, transaction

    chance = random.Random(seed)
    longest = 0.3 if connection.vendor == "postgresql" else 0.01
    while time.monotonic() < ends_at:
        with contextlib.suppress(OperationalError, Undone), transaction.atomic():
            for _ in range(chance.choice((1, 1, 1, 3))):
                move(chance.randrange(TICKETS // WRITERS) * WRITERS + seed % WRITERS)
            move_shared(chance)
            time.sleep(longest * chance.random() ** 8)
            if chance.random() < 0.1:
                raise Undone
        time.sleep(chance.random() * 0.01)


def move_shared(chance: random.Random) -> None:
    """Now and then a ticket that every writer wants, taken last: the lock is never part of a circle."""
    if chance.random() < 0.05:
        move(0)


def move(ticket: int) -> None:
    from tugi.events.actors import system
    from tugi.events.facts import fact_class
    from tugi.events.log import append

    execute("UPDATE fire_ticket SET step = step + 1 WHERE ticket_id = %s", ticket)
    (step,) = rows("SELECT step FROM fire_ticket WHERE ticket_id = %s", ticket)[0]
    moved: Any = fact_class("probe.moved")
    append(moved(ticket, step), actor=system())


class Undone(Exception):
    """The writer changed its mind."""


def run_for_ever() -> None:
    from tugi.events.runner import Runner

    Runner().run(threading.Event())


def read_naively(over: Any, result: Any) -> None:
    """What a reader by id sees: it asks for what is behind the last it saw."""
    last = seen = 0
    last_time = False
    while not last_time:
        last_time = over.wait(0.002)
        ids = [row[0] for row in rows("SELECT id FROM events_event WHERE id > %s ORDER BY id", last)]
        last, seen = max([last, *ids]), seen + len(ids)
    result.put(seen)


def find_out(result: Any) -> None:
    """Let the survivors finish, then compare the books with the log."""
    from tugi.events.models import Event, ParkedEvent
    from tugi.events.runner import Runner

    Runner().run_until_quiet()
    read = rows("SELECT event_id, seq FROM fire_ledger ORDER BY id")
    said = list(Event.objects.order_by("seq").values_list("id", "seq"))
    tally = rows("SELECT ticket_id, step FROM fire_tally ORDER BY ticket_id")
    tickets = rows("SELECT ticket_id, step FROM fire_ticket ORDER BY ticket_id")
    result.put(
        {
            "events": len(said),
            "unread": len(set(said) - set(read)),
            "read_twice": len(read) - len(set(read)),
            "read_in_order": [seq for _id, seq in read] == list(range(1, len(read) + 1)),
            "tally_agrees": tally == tickets,
            "parked": ParkedEvent.objects.count(),
        }
    )


def in_child(job: Any, *values: Any) -> Any:
    child = forks.Process(target=job, args=values)
    child.start()
    return child


def ask_child(job: Any, *values: Any) -> Any:
    result = forks.SimpleQueue()
    child = in_child(job, *values, result)
    answer = result.get()
    child.join()
    return answer


def kill_runners_until(ends_at: float) -> int:
    """Keep two runners alive by replacing one that is killed, at random, until the time is up."""
    runners = [in_child(run_for_ever) for _ in range(RUNNERS)]
    kills = 0
    while time.monotonic() < ends_at:
        time.sleep(random.uniform(*KILL_AFTER))
        victim = runners.pop(random.randrange(RUNNERS))
        victim.kill()
        victim.join()
        kills += 1
        runners.append(in_child(run_for_ever))
    for runner in runners:
        runner.kill()
        runner.join()
    return kills


def main(url: str, seconds: float) -> None:
    configure(url)
    say_and_listen()
    in_child(make_tables).join()
    ends_at = time.monotonic() + seconds
    writers = [in_child(write, seed, ends_at) for seed in range(WRITERS)]
    naive, over = forks.SimpleQueue(), forks.Event()
    reader = in_child(read_naively, over, naive)
    kills = kill_runners_until(ends_at)
    for writer in writers:
        writer.join()
    over.set()
    seen_naively = naive.get()
    reader.join()
    found = ask_child(find_out)
    found |= {"kills": kills, "missed_naively": found["events"] - seen_naively}
    found["writers_failed"] = sum(writer.exitcode != 0 for writer in writers)
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
