from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tugi.setup.first_run import make_link


class Command(BaseCommand):
    help = "Print a fresh set-up link; earlier ones stop working."

    def handle(self, *args: Any, **options: Any) -> None:
        link = make_link()
        if link is None:
            raise CommandError("This desk is set up already. Sign in, or ask an administrator for an account.")
        self.stdout.write(link)
