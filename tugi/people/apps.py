from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "tugi.people"
    label = "people"

    def ready(self) -> None:
        from tugi.people import names

        names.register()
