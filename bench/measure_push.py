"""From an agent's action to the pointer on another agent's socket, through a real worker and a real web process."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

from django.conf import settings
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from bench import people
from bench.browser import Browser
from bench.measure_mail import wait_until_done
from bench.processes import serving
from bench.readings import PUSH, Reading, percentile
from tugi.events import actors
from tugi.people.models import Agent
from tugi.tickets import actions
from tugi.tickets.content import Content
from tugi.tickets.models import Ticket

TIMES = 60
NOTE = Content(html="<p>Seen.</p>", text="Seen.")


def measure() -> Iterator[Reading]:
    author = Agent.objects.get(pk=people.WHOLE_DESK)
    tickets = list(Ticket.objects.filter(department=1, stage="open").order_by("-id")[:TIMES])
    with serving() as server, _socket(server.port, Browser(people.IN_FIVE).session) as socket:
        wait_until_done()
        took = [_told_after(socket, ticket, author) for ticket in tickets]
    yield Reading(PUSH, "p50", percentile(took, 0.5))
    yield Reading(PUSH, "p95", percentile(took, 0.95))


def _socket(port: int, session: str) -> ClientConnection:
    # A function here, though its type says that it may be a loop of connections.
    socket: ClientConnection = connect(
        f"ws://127.0.0.1:{port}/live/",
        origin=Origin(f"http://127.0.0.1:{port}"),
        additional_headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"},
        compression=None,
        proxy=None,
    )
    socket.send(json.dumps({"op": "subscribe", "topics": ["inbox"]}))
    while json.loads(socket.recv(timeout=10))["op"] != "subscribed":
        pass
    return socket


def _told_after(socket: ClientConnection, ticket: Ticket, author: Agent) -> float:
    """Milliseconds from the beginning of the action, so that its own time is in it."""
    began = time.perf_counter()
    actions.add_note(ticket.pk, NOTE, author=author, actor=actors.agent(author.pk))
    # Very many pointers at once become one, for the whole inbox.
    while ticket.number not in (pointer := json.loads(socket.recv(timeout=10))).values() and pointer["kind"] != "many":
        pass
    took = 1000 * (time.perf_counter() - began)
    time.sleep(0.1)
    return took
