"""`tugi consumers`: how far each has read, what it could not take, and a second try."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tugi.events import places, setbacks
from tugi.events.consumers import consumers
from tugi.events.models import Cursor, ParkedEvent

ROW = "{:32} {:>10} {:>8} {:>8} {:>8}"


class Command(BaseCommand):
    help = "Lists the consumers of the log: cursor, events still to read, waiting for a retry, parked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--retry", nargs=2, metavar=("NAME", "EVENT"), help="try a parked event again")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["retry"]:
            self._retry(*options["retry"])
        else:
            self._list()

    def _list(self) -> None:
        self.stdout.write(ROW.format("consumer", "cursor", "lag", "waiting", "parked"))
        for cursor in Cursor.objects.order_by("consumer"):
            self.stdout.write(ROW.format(cursor.consumer, cursor.seq, *self._figures(cursor)))
        for setback in ParkedEvent.objects.filter(parked_at__isnull=False).order_by("consumer", "event_id"):
            self.stdout.write(f"parked: {setback.consumer} {setback.event_id}  {setback.error}")

    def _figures(self, cursor: Cursor) -> tuple[str, int, int]:
        consumer = consumers().get(cursor.consumer)
        setbacks_of = ParkedEvent.objects.filter(consumer=cursor.consumer)
        parked = setbacks_of.filter(parked_at__isnull=False).count()
        lag = str(places.pending(consumer, after=cursor.seq).count()) if consumer else "gone"
        return lag, setbacks_of.count() - parked, parked

    def _retry(self, name: str, event: str) -> None:
        consumer = consumers().get(name)
        if consumer is None:
            raise CommandError(f"There is no consumer “{name}”.")
        if not event.isdigit() or not setbacks.requeue(consumer, int(event)):
            raise CommandError(f"Event {event} is not parked for {name}.")
        setbacks.retry_due(consumer)
        left = ParkedEvent.objects.filter(consumer=name, event_id=int(event)).first()
        if left:
            raise CommandError(f"It failed again: {left.error}")
        self.stdout.write("Done.")
