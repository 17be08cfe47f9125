"""`tugi doctor`: everything in red and green."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from tugi.core.database import no_desk
from tugi.core.doctor import Finding, examine

MARKS = {"green": "✓", "amber": "!", "red": "✗"}


class Command(BaseCommand):
    help = "Says in red and green how everything is. Ends with 1 where something is red."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        _refuse_no_desk()
        red = 0
        for name, finding in examine():
            red += finding.state == "red"
            self.stdout.write(self._line(name, finding))
        if red:
            raise CommandError(f"{red} red.", returncode=1)

    def _line(self, name: str, finding: Finding) -> str:
        colour = {"green": self.style.SUCCESS, "amber": self.style.WARNING, "red": self.style.ERROR}[finding.state]
        hint = f"\n{'':16}→ {finding.hint}" if finding.hint else ""
        return f"{colour(MARKS[finding.state])} {name:<13} {finding.text}{hint}"


def _refuse_no_desk() -> None:
    """Where nothing has ever been started everything would be red, and none of it the reason."""
    if sentence := no_desk(connection.settings_dict, settings.DATA_DIR):
        raise CommandError(sentence, returncode=1)
