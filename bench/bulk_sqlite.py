"""Writing a desk's rows into SQLite as fast as it goes: no indexes, no waiting for the disk, large pieces of index."""

from __future__ import annotations

from typing import Any

from django.db import connection

from bench.conversations import Chunk, Document
from bench.tables import TABLES

Payload = tuple[Chunk, list[tuple[int, str]]]
_PRAGMAS = ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-1000000", "wal_autocheckpoint=100000")
_INDEXES = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({places})"


def render(chunk: Chunk, documents: list[Document]) -> Payload:
    """What is sent from the process that makes up rows to the one that writes them."""
    return chunk, [(number, " ".join(tokens)) for number, tokens in documents]


def begin(*, drops_indexes: bool) -> None:
    """`drops_indexes` unless all that is left is to make them."""
    with connection.cursor() as cursor:
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        if not drops_indexes:
            return
        # Larger pieces in one go: the merging of many small ones is most of the work.
        cursor.execute(
            "INSERT INTO tickets_searchdocument (tickets_searchdocument, rank) VALUES ('hashsize', 33554432)"
        )
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_index (name TEXT PRIMARY KEY, sql TEXT)")
        names = [make().name for make in TABLES.values()]
        places = ", ".join(["%s"] * len(names))
        cursor.execute(_INDEXES.format(places=places), names)
        for name, sql in cursor.fetchall():
            cursor.execute("INSERT OR REPLACE INTO bench_index VALUES (%s, %s)", [name, sql])
            cursor.execute(f'DROP INDEX "{name}"')


def write(payload: Payload) -> None:
    """Inside the caller's transaction."""
    chunk, documents = payload
    # Django's wrapper rewrites every statement's placeholders; the driver below takes rows as they are.
    with connection.cursor() as cursor:
        raw: Any = cursor.cursor
        for name, rows in chunk.items():
            table = TABLES[name]()
            columns = ", ".join(f'"{column}"' for column in table.columns)
            places = ", ".join(["?"] * len(table.given) + [_literal(value) for value in table.defaults])
            sql = f"INSERT INTO {table.name} ({columns}) VALUES ({places})"  # noqa: S608
            super(type(raw), raw).executemany(sql, rows)
        super(type(raw), raw).executemany("INSERT INTO tickets_searchdocument (rowid, tokens) VALUES (?, ?)", documents)


def finish() -> None:
    """Make the indexes again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM bench_index ORDER BY name")
        for name, sql in cursor.fetchall():
            cursor.execute("SELECT 1 FROM sqlite_master WHERE name = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(sql.replace("%", "%%"))
        cursor.execute("INSERT INTO tickets_searchdocument (tickets_searchdocument, rank) VALUES ('hashsize', 1048576)")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int | float) else "'{}'".format(str(value).replace("'", "''"))
