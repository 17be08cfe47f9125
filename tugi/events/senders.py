"""Takes work rows to the outside world: claim, do the I/O outside any transaction, record.

Each app registers its own in `senders.py`. At least once: who receives needs an id to know repeats by.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from tugi.core.reasons import reason
from tugi.events import work
from tugi.events.connections import let_go
from tugi.events.work import WorkRow, WorkState

POLL_SECONDS = 0.25
MOST_ATTEMPTS = 12
W = TypeVar("W", bound=WorkRow)
Hook = Callable[[Any], None]
logger = logging.getLogger(__name__)


class DeliveryError(Exception):
    """The outside world refused. `reason` is what `tugi.core.reasons.reason` makes, told to agents when they read it;
    `permanent` means another try is useless."""

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent


class NotYet(Exception):
    """There is no room for it now; it is done after `wait`, and this was no attempt. `reason` as in DeliveryError."""

    def __init__(self, reason: str, *, wait: timedelta) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wait = wait


@dataclass(frozen=True)
class Sender:
    """`on_sent` and `on_failed` run in the transaction that records the outcome."""

    name: str
    model: type[WorkRow]
    deliver: Callable[[Any], None]
    attempts: int
    lease: timedelta
    at_once: int
    batch: int
    related: tuple[str, ...]
    on_sent: Hook | None
    on_failed: Hook | None


_registry: dict[str, Sender] = {}


def sender(
    name: str,
    *,
    model: type[W],
    attempts: int = MOST_ATTEMPTS,
    lease: timedelta = work.LEASE,
    at_once: int = 1,
    batch: int = 1,
    related: tuple[str, ...] = (),
    on_sent: Callable[[W], None] | None = None,
    on_failed: Callable[[W], None] | None = None,
) -> Callable[[Callable[[W], None]], Callable[[W], None]]:
    """Register `deliver(row)` for the due rows of `model`; `at_once` threads a worker, `batch` rows a claim, each with
    the rows that it points at by `related`.

    One row must end well within half of `lease`; what a batch has not begun by then goes back. A `deliver` that only
    changes the database may say itself that the row is done (`work.conclude`), in its own transaction. `deliver`
    raises NotYet, DeliveryError, or anything, which counts as temporary. After `attempts`, or at once when
    permanent, the row is failed and `on_failed(row)` is called. Raises ImproperlyConfigured for a name that is taken.
    """

    def register(deliver: Callable[[W], None]) -> Callable[[W], None]:
        if name in _registry:
            raise ImproperlyConfigured(f"there is already a sender “{name}”")
        _registry[name] = Sender(name, model, deliver, attempts, lease, at_once, batch, related, on_sent, on_failed)
        return deliver

    return register


def senders() -> Mapping[str, Sender]:
    """Every registered sender by its name."""
    return dict(_registry)


def run(sender: Sender, stop: threading.Event) -> None:
    """Send whatever falls due until `stop` is set."""
    while not stop.is_set():
        if not send_next(sender):
            let_go()
            stop.wait(POLL_SECONDS)


def send_next(sender: Sender) -> bool:
    """Claim what is due, a batch at most, and send it; False if there is none."""
    began = time.monotonic()
    rows = work.claim(sender.model, limit=sender.batch, lease=sender.lease, related=sender.related)
    for place, row in enumerate(rows):
        if place and time.monotonic() - began > sender.lease.total_seconds() / 2:
            work.release(rows[place:])
            break
        _send(sender, row)
    return bool(rows)


def _send(sender: Sender, row: WorkRow) -> None:
    try:
        _refuse_what_kills(sender, row)
        sender.deliver(row)
    except NotYet as full:
        work.put_off(row, full.reason, wait=full.wait)
    except DeliveryError as error:
        _record_failure(sender, row, error.reason, permanent=error.permanent)
    except Exception:
        reference = secrets.token_hex(4)
        logger.exception("sender %s failed on row %s [%s]", sender.name, row.pk, reference)
        _record_failure(sender, row, reason("desk.logged", id=reference), permanent=False)
    else:
        if row.state != WorkState.DONE:
            _conclude(row, lambda: work.finish(row), sender.on_sent)


def _refuse_what_kills(sender: Sender, row: WorkRow) -> None:
    """A row that was tried more often than any that fails has ended its worker each time. Raises DeliveryError."""
    if row.attempts > sender.attempts:
        raise DeliveryError(reason("desk.worker_ended"), permanent=True)


def _record_failure(sender: Sender, row: WorkRow, error: str, *, permanent: bool) -> None:
    if permanent or row.attempts >= sender.attempts:
        _conclude(row, lambda: work.give_up(row, error), sender.on_failed)
    else:
        work.put_back(row, error)


def _conclude(row: WorkRow, record: Callable[[], bool], hook: Hook | None) -> None:
    """Record the outcome and call its hook, together. A hook that fails twice is left out: the row
    must not be sent again because of it."""
    for then in (hook, hook, None):
        try:
            with transaction.atomic():
                if not record():
                    logger.warning("%s: the claim ran out before the outcome was known", row)
                elif then:
                    then(row)
        except Exception:
            logger.exception("the outcome of %s could not be recorded", row)
            if then is None:
                raise
        else:
            return
