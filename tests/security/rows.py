"""All rows of the database before and after, and what of them changed."""

from __future__ import annotations

from typing import Any

from django.apps import apps

from tugi.core.secret_field import Secret

LEFT_OUT = {"core.RateBucket", "sessions.Session", "tickets.SearchDocument"}
"""Tables that may change when nothing does, and one that is no table on SQLite."""

Rows = dict[tuple[Any, ...], dict[str, Any]]


def all_rows() -> Rows:
    """Every row's columns, by table and key."""
    found: Rows = {}
    for model in apps.get_models():
        label = model._meta.label
        if model._meta.managed and label not in LEFT_OUT:
            keys = [field.attname for field in model._meta.pk_fields]
            rows = [_closed(row) for row in model._default_manager.values()]
            found |= {(label, *(row[key] for key in keys)): row for row in rows}
    return found


def changes(before: Rows, after: Rows) -> set[str]:
    """`table.column` for what differs, `+table` and `-table` for rows that came and went."""
    came = {f"+{label}" for label, *_ in after.keys() - before.keys()}
    went = {f"-{label}" for label, *_ in before.keys() - after.keys()}
    return (
        came
        | went
        | {
            f"{key[0]}.{column}"
            for key in before.keys() & after.keys()
            for column, value in after[key].items()
            if before[key][column] != value
        }
    )


def _closed(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.ciphertext if isinstance(value, Secret) else value for name, value in row.items()}
