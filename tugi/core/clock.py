"""The only clock. Tests freeze it by travelling (`tugi.core.testing.at`)."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)
