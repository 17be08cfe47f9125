"""Changing one row quickly: the statement is made once for each set of columns, as in `tugi.core.inserting`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.db import connection, models


def update(row: models.Model, where: Mapping[str, Any], **values: Any) -> bool:
    """Write `values` into the row's line of the table if that has the values of `where`, none of them None.

    False if it has not. The instance is left as it is; no signal is sent. Raises what the database raises.
    """
    model = type(row)
    given = [
        *(_written(model, name, value) for name, value in values.items()),
        row.pk,
        *(_written(model, name, value) for name, value in where.items()),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_statement(model, tuple(values), tuple(where)), given)
        return bool(cursor.rowcount)


def _written(model: type[models.Model], name: str, value: Any) -> Any:
    plain = value.pk if isinstance(value, models.Model) else value
    return model._meta.get_field(name).get_db_prep_save(plain, connection)  # type: ignore[union-attr]


@cache
def _statement(model: type[models.Model], names: tuple[str, ...], conditions: tuple[str, ...]) -> str:
    """The same words for both engines."""
    assert model._meta.pk is not None
    columns = ", ".join(f"{_column(model, name)} = %s" for name in names)
    wanted = " AND ".join(f"{_column(model, name)} = %s" for name in (model._meta.pk.name, *conditions))
    table = connection.ops.quote_name(model._meta.db_table)
    return f"UPDATE {table} SET {columns} WHERE {wanted}"  # noqa: S608 - names of ours


def _column(model: type[models.Model], name: str) -> str:
    return connection.ops.quote_name(str(model._meta.get_field(name).column))  # type: ignore[union-attr]
