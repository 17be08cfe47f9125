from __future__ import annotations

import argparse
import secrets
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tugi.core import clock
from tugi.setup.demo import filling, welcome

REFUSED = (
    "This desk is in use: the demo fills only an empty one, and nothing was changed. Name another data "
    "directory with TUGI_DATA, or an empty database with DATABASE_URL."
)


class Command(BaseCommand):
    help = "Fill an empty desk with a believable one: people, and five weeks of tickets in four languages."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tickets", type=int, default=filling.TICKETS, help="how many conversations")
        parser.add_argument("--seed", type=int, help="the same number makes the same conversations")
        # Before serving: a demo that is there already is welcome, and the last words are said by the server.
        parser.add_argument("--serving", action="store_true", help=argparse.SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        if not filling.is_filled():
            self._fill(options["tickets"], options["seed"])
        elif not options["serving"]:
            self.stdout.write("This desk is a demo already.")
        if not options["serving"]:
            self.stdout.write("\n".join(welcome.lines()))

    def _fill(self, tickets: int, seed: int | None) -> None:
        if not filling.is_empty():
            raise CommandError(REFUSED)
        began, password = time.monotonic(), welcome.make_password()
        seed = secrets.randbits(32) if seed is None else seed
        told = filling.plan(seed=seed, now=clock.now(), tickets=tickets)
        filling.fill(told, password=password, tell=self._tell)
        welcome.remember(password)
        self._tell(f"The demo is filled (seed {seed}, {time.monotonic() - began:.1f} s).")

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
