"""Rows of work that falls due: claimed by one process at a time, done, tried again, or given up.

A claim is a lease. Who holds it may die: when the lease has run out the row is claimed again, so that
work is done at least once, and a row that kills its worker is counted as tried.
"""

from __future__ import annotations

import os
import random
import socket
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, TypeVar

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tugi.core import clock
from tugi.core.updating import update

FIRST_GAP = timedelta(minutes=1)
LONGEST_GAP = timedelta(hours=24)
LEASE = timedelta(minutes=5)
LEFT_BEHIND = " (left behind)"
"""Ends `claimed_by` where the claim before had run out."""


class WorkState(models.TextChoices):
    DUE = "due", _("due")
    CLAIMED = "claimed", _("under way")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


def work_indexes(prefix: str) -> list[models.Index]:
    """What the claiming of work rows needs, under names that are short enough for every database."""
    return [
        models.Index(fields=["due_at"], condition=Q(state="due"), name=f"{prefix}_due"),
        models.Index(fields=["claimed_until"], condition=Q(state="claimed"), name=f"{prefix}_held"),
    ]


class WorkRow(models.Model):
    """What a work row needs; `last_error` is a reason (`tugi.core.reasons`).

    A subclass with a Meta of its own inherits from `WorkRow.Meta`.
    """

    State: ClassVar = WorkState

    state = models.CharField(max_length=12, choices=WorkState, default=WorkState.DUE)
    due_at = models.DateTimeField(default=clock.now)
    attempts = models.PositiveIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, editable=False)
    claimed_by = models.CharField(max_length=120, blank=True, editable=False)
    last_error = models.TextField(blank=True)

    class Meta:
        abstract = True
        indexes = work_indexes("%(app_label)s_%(class)s")


W = TypeVar("W", bound=WorkRow)


def back_off(attempts: int) -> timedelta:
    """The gap after so many attempts: a minute, doubling to a day, and up to a tenth more by chance."""
    doublings = min(max(attempts - 1, 0), 20)
    gap: timedelta = min(FIRST_GAP * (1 << doublings), LONGEST_GAP)
    return gap * (1 + random.random() / 10)  # noqa: S311  spreads retries, guards nothing


def claim(model: type[W], limit: int = 1, *, lease: timedelta = LEASE, related: Sequence[str] = ()) -> list[W]:
    """Take up to `limit` rows that are due, or whose claim has run out; they are ours for `lease`.

    A row whose claim ran out comes first, and alone: it may have killed its worker, and must not take others with
    it. Of several the least tried comes first. Then the earliest due. They come with the rows that they point at by
    `related`. Costs two queries while there are none.
    """
    now = clock.now()
    if not any(rows.exists() for rows in _ready(model, now)):
        return []
    with transaction.atomic():
        rows = _lock(model, now, limit, related)
        taken = model._default_manager.filter(pk__in=[row.pk for row in rows])
        is_left_behind = any(row.state == WorkState.CLAIMED for row in rows)
        claimant = _me() + (LEFT_BEHIND if is_left_behind else "")
        claimed = {"state": WorkState.CLAIMED, "claimed_by": claimant, "claimed_until": now + lease}
        taken.update(**claimed, attempts=F("attempts") + 1)
    for row in rows:
        _remember(row, {**claimed, "attempts": row.attempts + 1})
    return sorted(rows, key=lambda row: (row.due_at, row.pk))


def finish(row: WorkRow, **values: Any) -> bool:
    """Done. False, changing nothing, if the claim was lost meanwhile."""
    return _record(row, state=WorkState.DONE, last_error="", **values)


def conclude(row: WorkRow, where: Mapping[str, Any], **values: Any) -> bool:
    """Done, whoever holds it, if it still has the values of `where`; in the transaction of what the work consists of.

    Whatever a database alone is changed by needs no claim to be done once.
    """
    done = {"state": WorkState.DONE, "claimed_until": None, "last_error": "", **values}
    if not update(row, where, **done):
        return False
    _remember(row, done)
    return True


def put_back(row: WorkRow, error: str, *, wait: timedelta | None = None) -> bool:
    """To be tried again after `wait`, or the usual back-off. False if the claim was lost meanwhile."""
    gap = back_off(row.attempts) if wait is None else wait
    return _record(row, state=WorkState.DUE, due_at=clock.now() + gap, last_error=error)


def put_off(row: WorkRow, error: str, *, wait: timedelta) -> bool:
    """To be done after `wait`, as if it had not been claimed. False if the claim was lost meanwhile."""
    return _record(
        row, state=WorkState.DUE, due_at=clock.now() + wait, last_error=error, attempts=max(row.attempts - 1, 0)
    )


def release(rows: list[W]) -> None:
    """Give back claims that were not begun, for anybody to take at once."""
    for row in rows:
        _record(row, state=WorkState.DUE, attempts=max(row.attempts - 1, 0))


def give_up(row: WorkRow, error: str) -> bool:
    """Failed for good, for a person to see. False if the claim was lost meanwhile."""
    return _record(row, state=WorkState.FAILED, last_error=error)


def next_due(model: type[WorkRow]) -> datetime | None:
    """When the earliest row falls due; None if none waits."""
    waiting = model._default_manager.filter(state=WorkState.DUE).order_by("due_at")
    return waiting.values_list("due_at", flat=True).first()


def _ready(model: type[W], now: datetime) -> tuple[models.QuerySet[W], models.QuerySet[W]]:
    rows = model._default_manager.all()
    return (
        rows.filter(state=WorkState.DUE, due_at__lte=now).order_by("due_at"),
        rows.filter(state=WorkState.CLAIMED, claimed_until__lt=now).order_by("claimed_until"),
    )


def _lock(model: type[W], now: datetime, limit: int, related: Sequence[str]) -> list[W]:
    whole = (rows.select_related(*related) if related else rows for rows in _ready(model, now))
    due, left_behind = (rows.select_for_update(skip_locked=True, of=("self",)) for rows in whole)
    if left_behind.exists() and not _is_suspect_under_way(model, now):
        return list(left_behind.order_by("attempts", "claimed_until")[:1])
    return list(due[:limit])


def _is_suspect_under_way(model: type[W], now: datetime) -> bool:
    """Is a row under way that was left behind? Who dies then died of it: no other suspect is to be beside it."""
    under_way = model._default_manager.filter(state=WorkState.CLAIMED, claimed_until__gte=now)
    return under_way.filter(claimed_by__endswith=LEFT_BEHIND).exists()


def _record(row: WorkRow, **values: Any) -> bool:
    """Write the end of this claim, if it is still this claim."""
    values = {"claimed_until": None, **values}
    held = {"state": WorkState.CLAIMED, "claimed_by": row.claimed_by, "attempts": row.attempts}
    if not update(row, held, **values):
        return False
    _remember(row, values)
    return True


def _remember(row: WorkRow, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def _me() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{threading.current_thread().name}"[: 120 - len(LEFT_BEHIND)]
