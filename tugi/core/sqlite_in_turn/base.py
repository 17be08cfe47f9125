"""The backend itself: a transaction, and a writing statement outside of one, waits for its turn and gives it back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from tugi.core.sqlite_in_turn.schema import SchemaEditor
from tugi.core.sqlite_in_turn.turns import Turns, turns_of

WRITES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
PATIENCE = 20.0


class Cursor(base.SQLiteCursorWrapper):
    database: DatabaseWrapper

    def execute(self, query: str, params: Any = None) -> Any:
        with self.database.turn_for(query):
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        with self.database.turn_for(query):
            return super().executemany(query, param_list)


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = SchemaEditor
    turns: Turns | None = None
    """The queue in which it is our turn now."""

    def create_cursor(self, name: Any = None) -> Any:
        cursor = self.connection.cursor(factory=Cursor)
        cursor.database = self
        return cursor

    @contextmanager
    def turn_for(self, query: str) -> Iterator[None]:
        """The turn for one statement that writes outside of a transaction."""
        if self.turns is not None or not WRITES.match(query):
            yield
            return
        self._take_turn()
        try:
            yield
        finally:
            self._give_turn_back()

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._give_turn_back()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            self._give_turn_back()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._give_turn_back()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._let_go()

    def _take_turn(self) -> None:
        if self.turns is not None or self.is_in_memory_db():
            return
        turns = turns_of(Path(self.settings_dict["NAME"]))
        try:
            turns.take(PATIENCE)
        except TimeoutError as error:
            raise OperationalError("database is locked: others have been writing for too long") from error
        self.turns = turns

    def _give_turn_back(self) -> None:
        """Unless the transaction goes on: a commit that failed is still to be rolled back."""
        if not (self.connection is not None and self.connection.in_transaction):
            self._let_go()

    def _let_go(self) -> None:
        turns, self.turns = self.turns, None
        if turns is not None:
            turns.give_back()
