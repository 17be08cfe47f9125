"""Migrations of a large desk: foreign keys are checked where a migration wrote a table anew, not in every table."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.sqlite3 import schema


class SchemaEditor(schema.DatabaseSchemaEditor):
    """Django checks the whole database after each migration: minutes a time where it holds a million tickets.

    While the schema is changed SQLite enforces no foreign key, so what a migration writes by code of its own has to
    keep them by itself.
    """

    connection: Any

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.written: set[str] = set()

    def _remake_table(self, model: Any, *args: Any, **changes: Any) -> None:
        super()._remake_table(model, *args, **changes)  # type: ignore[misc]
        self.written.add(model._meta.db_table)

    def __exit__(self, *error: Any) -> None:
        if error[0] is None:
            try:
                self.connection.check_constraints(sorted(self.written))
            except IntegrityError as broken:
                # Django would leave its transaction open.
                self._end(IntegrityError, broken, broken.__traceback__)
                raise
        self._end(*error)

    def _end(self, *error: Any) -> None:
        BaseDatabaseSchemaEditor.__exit__(self, *error)
        self.connection.enable_constraint_checking()
