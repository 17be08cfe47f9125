"""From an agent's reply, undo window aside, to the customer's mail server having it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

from bench import people
from bench.measure_mail import wait_until_done
from bench.processes import serving
from bench.readings import REPLY, Reading, percentile
from tests.servers.smtp_sink import SmtpSink, smtp_sink
from tugi.events import actors
from tugi.people.models import Agent
from tugi.tickets import actions
from tugi.tickets.content import Content
from tugi.tickets.models import Ticket

TIMES = 40


def measure() -> Iterator[Reading]:
    author = Agent.objects.get(pk=people.WHOLE_DESK)
    tickets = list(Ticket.objects.filter(stage="open").select_related("contact").order_by("-id")[:TIMES])
    with smtp_sink() as sink, serving(TUGI_SMTP_SEND=f"127.0.0.1:{sink.port}"):
        wait_until_done()
        took = [_sent_after(sink, ticket, author, count) for count, ticket in enumerate(tickets, 1)]
    yield Reading(REPLY, "p50", percentile(took, 0.5))
    yield Reading(REPLY, "p95", percentile(took, 0.95))


def _sent_after(sink: SmtpSink, ticket: Ticket, author: Agent, count: int) -> float:
    """Milliseconds from the beginning of the action."""
    began = time.perf_counter()
    actions.reply(
        ticket.pk,
        Content(text="It is on its way.", html="<p>It is on its way.</p>"),
        author=author,
        undo_for=timedelta(),
        to=(f"someone{ticket.pk}@mail.example",),
        actor=actors.agent(author.pk),
    )
    while len(sink.deliveries) < count:
        assert time.perf_counter() - began < 30, "the reply did not arrive"
        time.sleep(0.002)
    took = 1000 * (time.perf_counter() - began)
    time.sleep(0.1)
    return took
