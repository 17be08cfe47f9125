"""The log's table and what is kept about its readers. The log is written by `log.append` alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

from django.db import models
from django.db.models import Q

from tugi.core import clock
from tugi.events import facts


class LogIsAppendOnly(Exception):
    """Someone tried to change or delete what has been said."""


class EventQuerySet(models.QuerySet["Event"]):
    """Reads, and refuses whatever would rewrite history."""

    def of_ticket(self, ticket_id: int) -> EventQuerySet:
        """The ticket's events by id: each append is seen at once, without waiting for its stamp."""
        return self.filter(ticket_id=ticket_id).order_by("id")

    def stamped(self) -> EventQuerySet:
        return self.filter(seq__isnull=False).order_by("seq")

    def unstamped(self) -> EventQuerySet:
        return self.filter(seq__isnull=True).order_by("id")

    def update(self, **values: Any) -> NoReturn:
        raise LogIsAppendOnly

    def bulk_update(self, objs: Iterable[Event], fields: Iterable[str], batch_size: int | None = None) -> NoReturn:
        raise LogIsAppendOnly

    def delete(self) -> NoReturn:
        raise LogIsAppendOnly


class Event(models.Model):
    """One thing that happened. `ticket_id` and `cause_id` are plain numbers: the log outlives all it
    names, and a foreign key's lock on the cause would make the stamping wait for open writers."""

    id = models.BigAutoField(primary_key=True)
    seq = models.BigIntegerField(null=True, unique=True, editable=False)
    at = models.DateTimeField(default=clock.now)
    kind = models.CharField(max_length=80)
    actor_kind = models.CharField(max_length=16)
    actor_id = models.BigIntegerField(null=True)
    ticket_id = models.BigIntegerField(null=True)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    cause_id = models.BigIntegerField(null=True)
    depth = models.PositiveSmallIntegerField(default=0)
    origin = models.CharField(max_length=16)
    data = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(seq__isnull=True), name="events_unstamped"),
            models.Index(fields=["ticket_id", "id"], condition=Q(ticket_id__isnull=False), name="events_of_ticket"),
            models.Index(
                fields=["subject_kind", "subject_id", "id"],
                condition=Q(ticket_id__isnull=True),
                name="events_of_others",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_kind} {self.subject_id}"

    @property
    def fact(self) -> facts.Fact:
        """What was said, typed again."""
        return facts.read(self.kind, self.data, (self.subject_kind, self.subject_id))

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise LogIsAppendOnly
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise LogIsAppendOnly


class Head(models.Model):
    """The one row that says how far the log is stamped; whoever stamps holds its lock."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"stamped to {self.seq}"


class Cursor(models.Model):
    """How far a consumer has read, moved in the transaction of what it did."""

    consumer = models.CharField(max_length=80, primary_key=True)
    seq = models.BigIntegerField()
    moved_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.consumer} at {self.seq}"


class ParkedEvent(models.Model):
    """An event that a consumer could not take. Retried at `next_attempt_at`, until `parked_at` says
    that nobody tries any more and someone has to look."""

    consumer = models.CharField(max_length=80)
    event = models.ForeignKey(Event, on_delete=models.DO_NOTHING, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    next_attempt_at = models.DateTimeField(default=clock.now)
    parked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consumer", "event"], name="events_parked_once")]
        indexes = [
            models.Index(
                fields=["consumer", "next_attempt_at"],
                condition=Q(parked_at__isnull=True),
                name="events_to_retry",
            )
        ]

    def __str__(self) -> str:
        return f"{self.consumer} and event {self.event_id}"


class Chore(models.Model):
    """When a recurring task is next to run: whoever moves the time runs it."""

    name = models.CharField(max_length=80, primary_key=True)
    next_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.name


class WorkerHeartbeat(models.Model):
    """When a thread of a worker last went round its loop. Read by the doctor."""

    name = models.CharField(max_length=120)
    thread = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "thread"], name="events_heartbeat_once")]

    def __str__(self) -> str:
        return f"{self.thread} of {self.name}"
