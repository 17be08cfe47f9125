from __future__ import annotations

from django.apps import AppConfig


class EmailConfig(AppConfig):
    name = "tugi.channels.email"
    label = "channels_email"

    def ready(self) -> None:
        from tugi.channels.email import names

        names.register()
