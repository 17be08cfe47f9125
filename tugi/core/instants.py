"""Instants in statements that are written out. The ORM does this by itself; SQLite keeps UTC without saying so."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import connection


def stored(instant: datetime) -> Any:
    """An aware instant as a statement's value."""
    return connection.ops.adapt_datetimefield_value(instant)


def read(value: datetime) -> datetime:
    """What a statement gave, as an aware instant."""
    return value if value.tzinfo else value.replace(tzinfo=UTC)
