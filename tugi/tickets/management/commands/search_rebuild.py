"""`tugi search_rebuild`: read every message into the search index anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tugi.tickets.search import rebuild


class Command(BaseCommand):
    help = "Make the search index anew. An interrupted run goes on where it was."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--afresh", action="store_true", help="begin again, whatever was done")

    def handle(self, *args: Any, afresh: bool, **options: Any) -> None:
        read = rebuild(self._tell, afresh=afresh)
        self.stdout.write(f"{read} messages read into the index.")

    def _tell(self, done: int, total: int) -> None:
        self.stdout.write(f"{done * 100 // max(total, 1):3d} %", ending="\r")
        self.stdout.flush()
