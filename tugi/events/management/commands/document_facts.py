from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from tugi.events.documentation import document


class Command(BaseCommand):
    help = "Print docs/events.md."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(document(), ending="")
