"""`tugi log tail`: the latest of the log, one line an event, and with `--follow` what comes."""

from __future__ import annotations

import json
import re
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from tugi.core import clock
from tugi.events import bell, stamping
from tugi.events.models import Event, EventQuerySet

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


class Command(BaseCommand):
    help = "Shows the latest events of the log."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--follow", "-f", action="store_true", help="go on with what is said from now on")
        parser.add_argument("--ticket", type=int, metavar="ID", help="only this ticket's events")
        parser.add_argument("--since", type=instant, help="from 15m, 2h, 1d ago, or from 2026-11-21T10:00")
        parser.add_argument("--lines", "-n", type=int, default=20, help="how many without --since; default 20")

    def handle(self, *args: Any, **options: Any) -> None:
        events = self._chosen(Event.objects.order_by("-id"), options["ticket"])
        if options["since"]:
            recent = takewhile(lambda event: event.at >= options["since"], events.iterator())
            self._write(reversed(list(recent)))
        else:
            self._write(reversed(events[: max(options["lines"], 0)]))
        if options["follow"]:
            self._follow(options["ticket"])

    def _chosen(self, events: EventQuerySet, ticket: int | None) -> EventQuerySet:
        return events if ticket is None else events.filter(ticket_id=ticket)

    def _follow(self, ticket: int | None) -> None:
        ear, last = bell.Bell(bell.STAMPED), stamping.head()
        try:
            while True:
                ear.wait(1.0)
                head = stamping.head()
                self._write(self._chosen(Event.objects.stamped().filter(seq__gt=last, seq__lte=head), ticket))
                last = head
        except KeyboardInterrupt:
            return

    def _write(self, events: Iterable[Event]) -> None:
        for event in events:
            self.stdout.write(line(event))
            self.stdout.flush()


def line(event: Event) -> str:
    """Escaped as JSON is, so that nothing in a value can steer the terminal."""
    actor = f"{event.actor_kind} {event.actor_id or ''}".strip()
    subject = f"{event.subject_kind} {event.subject_id}"
    at = event.at.strftime("%Y-%m-%d %H:%M:%S")
    said = f"{event.seq or '-':>8} {at} {event.kind:28} {subject:18} {actor} ({event.origin})"
    return f"{said} {json.dumps(event.data)}"
