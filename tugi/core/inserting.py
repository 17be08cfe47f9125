"""Writing one new row quickly.

`Model.save` makes its statement anew each time, which costs several times what the database needs to run
it. For the few tables that every mail and every click write to, the statement is made once. No signal is sent,
and nothing is asked back but the key.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from django.db import connection, connections, models

M = TypeVar("M", bound=models.Model)


def insert(row: M) -> M:
    """Write a row that has no key yet and give it its key, as `row.save(force_insert=True)` would.

    Raises what the database raises.
    """
    _put(row, _statement(type(row)))
    return row


def insert_unless_there(row: models.Model) -> bool:
    """As `insert`; False, changing nothing, where a unique constraint has such a row already."""
    return _put(row, _statement(type(row), " ON CONFLICT DO NOTHING"))


def _put(row: models.Model, statement: str) -> bool:
    here = connections[connection.alias]  # asked once: the proxy looks it up at every touch
    values = [field.get_db_prep_save(field.pre_save(row, True), here) for field in _fields(type(row))]
    with here.cursor() as cursor:
        cursor.execute(statement, values)
        written = cursor.fetchall()
    if not written:
        return False
    row.pk = written[0][0]
    row._state.adding, row._state.db = False, here.alias
    return True


@cache
def _fields(model: type[models.Model]) -> tuple[models.Field[Any, Any], ...]:
    return tuple(field for field in model._meta.local_concrete_fields if not field.primary_key)


@cache
def _statement(model: type[models.Model], conflict: str = "") -> str:
    """The same words for both engines."""
    quote = connection.ops.quote_name
    key, fields = model._meta.pk, _fields(model)
    assert isinstance(key, models.AutoField | models.BigAutoField)
    assert key.column is not None
    names = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table, own = quote(model._meta.db_table), quote(key.column)
    return f"INSERT INTO {table} ({names}) VALUES ({places}){conflict} RETURNING {own}"  # noqa: S608 - names of ours
