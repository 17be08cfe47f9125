"""Numbers that people read: unique, growing, never given twice. Gaps are allowed."""

from __future__ import annotations

import re

from django.db import connection

FIRST = 1001
NAME = re.compile(r"[a-z_]{1,30}")

_TAKE_ROW = """
    INSERT INTO core_counter (name, value) VALUES (%s, %s)
    ON CONFLICT (name) DO UPDATE SET value = core_counter.value + 1
    RETURNING value
"""


def next_number(name: str) -> int:
    """The next number of that sequence, from 1001 on.

    On PostgreSQL a sequence made by a migration (`CREATE SEQUENCE tugi_<name>_number START 1001`),
    so that writers do not wait for each other; on SQLite, where they do anyway, a counter row.
    """
    assert NAME.fullmatch(name)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(%s)", [f"tugi_{name}_number"])
        else:
            cursor.execute(_TAKE_ROW, [name, FIRST])
        (number,) = cursor.fetchone()
    return int(number)
