"""The page of a ticket with more than fifty messages, of which it shows the newest fifty."""

from __future__ import annotations

from collections.abc import Iterator

from bench import conversations, people
from bench.browser import FRAGMENT, Browser
from bench.readings import TICKET, Reading
from tugi.tickets.models import Ticket


def measure() -> Iterator[Reading]:
    browser = Browser(people.WHOLE_DESK)
    long = Ticket.objects.filter(message_count=conversations.LONG).order_by("-id").values_list("number", flat=True)
    short = Ticket.objects.filter(message_count=5).order_by("-id").values_list("number", flat=True)
    for detail, number in (("50 messages", long[0]), ("5 messages", short[0])):
        cost = browser.cost(f"/tickets/{number}?view=open")
        yield Reading(TICKET, detail, cost.ms, cost.queries)
        cost = browser.cost(f"/tickets/{number}?view=open", HTTP_HX_TARGET="main#main", **FRAGMENT)
        yield Reading(TICKET, f"{detail}, opened from the list", cost.ms, cost.queries)
