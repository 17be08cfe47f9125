"""Facts, a work row and notes that exist only in the log's own tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db import models

from tugi.core import clock
from tugi.events.actors import Actor, system
from tugi.events.facts import Fact, Names, fact
from tugi.events.log import append
from tugi.events.models import Event, WorkerHeartbeat
from tugi.events.work import WorkRow


class Colour(models.TextChoices):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True)
class Painted(Fact):
    """A ticket got another colour."""

    ticket_id: int
    before: Colour | None
    after: Colour
    by_id: int | None = None
    until: datetime | None = None
    layers: tuple[int, ...] = ()

    def sentence(self, name: Names) -> str:
        return f"painted it {self.after} for {name('agent', self.by_id)}"


@dataclass(frozen=True)
class Opened(Fact):
    """A shop opened; it is not of any ticket."""

    shop_id: int

    @property
    def subject(self) -> tuple[str, int]:
        return "shop", self.shop_id

    def sentence(self, name: Names) -> str:
        return "opened"


class Parcel(WorkRow):
    """Work of the simplest kind."""

    id = models.BigAutoField(primary_key=True)
    address = models.CharField(max_length=40)

    objects: ClassVar[models.Manager[Parcel]] = models.Manager()

    class Meta(WorkRow.Meta):
        app_label = "events_tests"

    def __str__(self) -> str:
        return self.address


def register() -> None:
    fact("probe.painted", public=True)(Painted)
    fact("probe.shop.opened", public=False)(Opened)


def paint(ticket_id: int = 1, *, actor: Actor | None = None, cause: Event | int | None = None) -> Event:
    return append(Painted(ticket_id, None, Colour.RED), actor=actor or system(), cause=cause)


def note(reader: str, event: Event) -> None:
    """A row that may be written only once for a reader and an event."""
    WorkerHeartbeat.objects.create(name=reader, thread=str(event.id), at=clock.now())


def noted(reader: str) -> list[int]:
    """The ids of the events that the reader noted, in the order of noting."""
    return [int(row.thread) for row in WorkerHeartbeat.objects.filter(name=reader).order_by("id")]
