from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules

LISTENING_MODULES = ("events", "consumers", "senders", "schedule", "fetchers")


class EventsConfig(AppConfig):
    name = "tugi.events"
    label = "events"

    def ready(self) -> None:
        """Load what every app says and listens to, and give new consumers their place at migration."""
        from tugi.events.places import place_cursors

        autodiscover_modules(*LISTENING_MODULES)
        post_migrate.connect(lambda **kwargs: place_cursors(), sender=self, weak=False)
