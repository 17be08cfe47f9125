from __future__ import annotations

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tugi.tickets"
    label = "tickets"

    def ready(self) -> None:
        from tugi.tickets import names

        names.register()
