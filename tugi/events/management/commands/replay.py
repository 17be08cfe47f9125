"""`tugi replay NAME`: let a consumer read the log again, from the start or from a `seq`."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from tugi.events import places
from tugi.events.consumers import Consumer, consumers
from tugi.events.models import Cursor, ParkedEvent


class Command(BaseCommand):
    help = "Moves a consumer's cursor back, so that it reads events again. What it did once it does twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--from", dest="seq", type=int, default=1, help="the first seq to read; default 1")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        consumer = consumers().get(options["name"])
        if consumer is None:
            raise CommandError(f"There is no consumer “{options['name']}”.")
        if options["seq"] < 1:
            raise CommandError("The log begins at 1.")
        places.place_cursors()
        count = places.pending(consumer, after=options["seq"] - 1).count()
        if not options["yes"] and not self._sure(consumer, count):
            raise CommandError("Nothing was changed.")
        move_back(consumer, options["seq"] - 1)
        self.stdout.write(f"{consumer.name} will read {count} events from {options['seq']}.")

    def _sure(self, consumer: Consumer, count: int) -> bool:
        return input(f"Let {consumer.name} act on {count} events again? Type yes: ").strip() == "yes"


@transaction.atomic
def move_back(consumer: Consumer, seq: int) -> None:
    """Waits for the consumer's present batch; what it had put aside behind `seq` is read anew."""
    cursor = Cursor.objects.select_for_update().get(consumer=consumer.name)
    cursor.seq = seq
    cursor.save(update_fields=["seq"])
    ParkedEvent.objects.filter(consumer=consumer.name, event__seq__gt=seq).delete()
