"""Two thousand open sockets in one web process: what each weighs, and how soon one and all of them hear of an event."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from django.conf import settings

from bench import people
from bench.browser import Browser
from bench.measure_mail import wait_until_done
from bench.measure_push import NOTE
from bench.processes import memory, named, serving
from bench.readings import SOCKET, SOCKET_ALL, SOCKET_ONE, Reading, percentile
from tugi.events import actors
from tugi.live.hub import MOST_SOCKETS_A_SESSION
from tugi.people.models import Agent
from tugi.tickets import actions
from tugi.tickets.models import Ticket

SOCKETS, TO_ONE, TO_ALL = 2000, 60, 5


def measure() -> Iterator[Reading]:
    sessions = [Browser(people.WHOLE_DESK).session for _ in range(SOCKETS // MOST_SOCKETS_A_SESSION + 1)]
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(files, 65_536), files))
    ticket = Ticket.objects.filter(stage="open").order_by("-id")[0]
    with serving() as server:
        web = named(server, "web")
        wait_until_done()
        with _crowd(server.port, 1, sessions):
            time.sleep(2)
        before = memory(web, "Rss")
        with _crowd(server.port, SOCKETS, sessions) as ask:
            ask(f"only ticket:{ticket.number}")
            one = [_after(ask, ticket, listeners=1)[0] for _ in range(TO_ONE)]
            ask("listen inbox")
            time.sleep(2)
            weight = (memory(web, "Rss") - before) * 1024 / SOCKETS
            to_all = [max(_after(ask, ticket, listeners=SOCKETS)) for _ in range(TO_ALL)]
    yield Reading(SOCKET, f"{SOCKETS:,} sockets", weight)
    yield Reading(SOCKET_ONE, "from the commit, p99", percentile(one, 0.99))
    yield Reading("", "delivery to one socket, p50", percentile(one, 0.5), unit="ms")
    yield Reading(SOCKET_ALL, "the last of all, worst of five", max(to_all))


def _after(ask: Any, ticket: Ticket, listeners: int) -> list[float]:
    """Milliseconds from the commit to each socket that heard."""
    ask("clear")
    author = Agent(pk=people.WHOLE_DESK, name="Somebody")
    actions.add_note(ticket.pk, NOTE, author=author, actor=actors.agent(author.pk))
    committed = time.time()
    time.sleep(0.2)
    while len(told := ask("told")) < listeners:
        assert time.time() < committed + 20, f"{len(told)} of {listeners} were told"
        time.sleep(0.2)
    return [1000 * (at - committed) for at in told]


@contextmanager
def _crowd(port: int, count: int, sessions: list[str]) -> Iterator[Any]:
    command = [sys.executable, "-m", "bench.crowd", str(port), str(count), settings.SESSION_COOKIE_NAME]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as crowd:
        assert crowd.stdin and crowd.stdout
        _ask(crowd.stdin, crowd.stdout, json.dumps(sessions))
        yield lambda order: _ask(crowd.stdin, crowd.stdout, order)
        crowd.stdin.write("quit\n")
        crowd.stdin.flush()
        crowd.wait(20)


def _ask(into: IO[str], out: IO[str], order: str) -> Any:
    into.write(f"{order}\n")
    into.flush()
    return json.loads(out.readline())
