"""A thread's database connection while the thread has nothing to do."""

from __future__ import annotations

from django.db import connection


def let_go() -> None:
    """Give the connection back where there is a pool to give it to; keep it open where there is none."""
    if connection.settings_dict["OPTIONS"].get("pool"):
        connection.close()
