"""`tugi forget-secrets`: go on without an encryption key that is lost for good."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from tugi.core.lost_secrets import forget, lost_secrets


class Command(BaseCommand):
    help = "Lists the passwords whose encryption key is lost; with --yes empties them, to be entered again."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help="empty them; the old key will not bring them back")

    @transaction.atomic
    def handle(self, *args: Any, yes: bool = False, **options: Any) -> None:
        found = list(lost_secrets())
        for lost in found:
            self.stdout.write(str(lost))
            if yes:
                forget(lost)
        self.stdout.write(_conclusion(len(found), done=yes))


def _conclusion(count: int, *, done: bool) -> str:
    if not count:
        return "Every password can be read."
    if done:
        return f"{count} passwords were emptied. Start the desk and enter them again."
    return f"{count} passwords cannot be read. Restore the key, or run this again with --yes to empty them."
