"""`bin/tugi log tail`: the latest of the log, one line an event, and at a terminal what comes."""

from __future__ import annotations

import json
import re
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from tugi.core import clock
from tugi.events import bell, names, stamping
from tugi.events.models import Event, EventQuerySet

LINES = 20
SPANS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def instant(text: str) -> datetime:
    """`15m`, `2h`, `1d` ago, or an ISO date and time (UTC where it names no zone)."""
    if span := re.fullmatch(r"(\d{1,6})([smhd])", text):
        return clock.now() - timedelta(**{SPANS[span[2]]: int(span[1])})
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise ArgumentTypeError("say 15m, 2h, 1d or 2026-11-21T10:00")
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def ticket_number(text: str) -> int:
    """`1343` or `#1343`, as people see it."""
    if not (found := re.fullmatch(r"#?(\d{1,18})", text)):
        raise ArgumentTypeError("say a ticket's number, such as 1343")
    return int(found[1])


def ticket_id(number: int) -> int:
    found = names.by_number("ticket", number)
    if found is None:
        raise CommandError(f"There is no ticket #{number}.")
    return found


class Command(BaseCommand):
    help = "Shows the latest events of the log, and at a terminal what happens, as it happens. Ctrl-C ends it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--follow", "-f", action="store_true", help="go on, at no terminal and after -n too")
        parser.add_argument("--once", action="store_true", help="print and end")
        parser.add_argument("--ticket", type=ticket_number, metavar="NUMBER", help="only the events of that ticket")
        parser.add_argument("--since", type=instant, help="from 15m, 2h, 1d ago, or from 2026-11-21T10:00")
        parser.add_argument("--lines", "-n", type=int, help="print that many and end; otherwise 20")

    def handle(self, *args: Any, **options: Any) -> None:
        ticket = None if options["ticket"] is None else ticket_id(options["ticket"])
        with suppress(KeyboardInterrupt):
            self._show(self._chosen(Event.objects.order_by("-id"), ticket), options["since"], options["lines"])
            if self._follows(options):
                self._follow(ticket)

    def _follows(self, options: dict[str, Any]) -> bool:
        ends = options["once"] or options["lines"] is not None
        return options["follow"] or (not ends and self.stdout.isatty())

    def _show(self, events: EventQuerySet, since: datetime | None, lines: int | None) -> None:
        if since:
            recent = takewhile(lambda event: event.at >= since, events.iterator())
            self._write(reversed(list(recent)))
        else:
            self._write(reversed(events[: max(LINES if lines is None else lines, 0)]))

    def _chosen(self, events: EventQuerySet, ticket: int | None) -> EventQuerySet:
        return events if ticket is None else events.filter(ticket_id=ticket)

    def _follow(self, ticket: int | None) -> None:
        ear, last = bell.Bell(bell.STAMPED), stamping.head()
        while True:
            ear.wait(1.0)
            head = stamping.head()
            self._write(self._chosen(Event.objects.stamped().filter(seq__gt=last, seq__lte=head), ticket))
            last = head

    def _write(self, events: Iterable[Event]) -> None:
        shown = list(events)
        tickets = names.of_kind("ticket", {event.subject_id for event in shown if event.subject_kind == "ticket"})
        for event in shown:
            self.stdout.write(line(event, tickets))
        self.stdout.flush()


def line(event: Event, tickets: Mapping[int, str]) -> str:
    """Escaped as JSON is, so that nothing in a value can steer the terminal. `tickets` are numbers by id."""
    actor = f"{event.actor_kind} {event.actor_id or ''}".strip()
    numbered = tickets.get(event.subject_id) if event.subject_kind == "ticket" else None
    subject = f"{event.subject_kind} {numbered or event.subject_id}"
    at = event.at.strftime("%Y-%m-%d %H:%M:%S")
    said = f"{event.seq or '-':>8} {at} {event.kind:28} {subject:18} {actor} ({event.origin})"
    return f"{said} {json.dumps(event.data)}"
