from __future__ import annotations

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "tugi.core"
    label = "core"

    def ready(self) -> None:
        from tugi.core import checks

        checks.register_all()
