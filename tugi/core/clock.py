"""The only clock. Tests freeze it by travelling (`tugi.core.testing.at`); a demo tells the past with `pretend`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def now() -> datetime:
    """This instant, aware, in UTC."""
    return _pretended.get() or datetime.now(UTC)


@contextmanager
def pretend(moment: datetime) -> Iterator[None]:
    """Let `now()` be this instant inside the block, in this thread only: for histories told afterwards."""
    assert moment.tzinfo is not None, "name the zone"
    token = _pretended.set(moment)
    try:
        yield
    finally:
        _pretended.reset(token)
