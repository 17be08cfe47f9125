from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest

from tugi.core.panels import Panel


class LiveConfig(AppConfig):
    name = "tugi.live"
    label = "live"

    def ready(self) -> None:
        from tugi.core import panels

        panels.register("desk.body", connection)


def connection(request: HttpRequest, subject: Any) -> Panel:
    """What keeps a desk page live; it tells where in the log the page was written, so that nothing falls between."""
    from tugi.events.stamping import head

    return Panel("live/_connection.html", {"since": head()})
