"""Writing a desk's rows into PostgreSQL as fast as it goes: COPY, no triggers, the secondary indexes made last."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection

from bench.conversations import Chunk, Document
from bench.tables import TABLES, Row
from tugi.tickets.search import index, postgres_index

Payload = dict[str, str]
DOCUMENTS = "documents"
_NUMBERED = """
    SELECT table_name FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name = 'id' AND is_identity = 'YES'
"""
_INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY(%s)
    AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""


def render(chunk: Chunk, documents: list[Document]) -> Payload:
    """The text that COPY takes, made in the process that makes up the rows."""
    texts = {name: _text(rows, TABLES[name]().defaults) for name, rows in chunk.items()}
    return texts | {DOCUMENTS: _text((_document(*document) for document in documents), ())}


def begin(*, drops_indexes: bool) -> None:
    """`drops_indexes` unless all that is left is to make them."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute("SET synchronous_commit = off")
        if not drops_indexes:
            return
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_index (name TEXT PRIMARY KEY, sql TEXT)")
        names = [make().name for make in TABLES.values()]
        cursor.execute(_INDEXES, [[*names, "tickets_searchdocument"]])
        for name, sql in cursor.fetchall():
            cursor.execute("INSERT INTO bench_index VALUES (%s, %s) ON CONFLICT DO NOTHING", [name, sql])
            cursor.execute(f'DROP INDEX "{name}"')


def write(payload: Payload) -> None:
    """Inside the caller's transaction."""
    with connection.cursor() as cursor:
        for name, text in payload.items():
            table, columns = "tickets_searchdocument", '"id", "tokens"'
            if name != DOCUMENTS:
                table = TABLES[name]().name
                columns = ", ".join(f'"{column}"' for column in TABLES[name]().columns)
            raw: Any = cursor.cursor
            with raw.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                copy.write(text)


def finish() -> None:
    """Make the indexes again, let the numbers go on, and let the planner look."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM bench_index ORDER BY name")
        for name, sql in cursor.fetchall():
            cursor.execute("SELECT to_regclass(%s)", [f'public."{name}"'])
            if cursor.fetchone() == (None,):
                cursor.execute(sql)
        cursor.execute(_NUMBERED)
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT GREATEST(MAX(id), 1) FROM {table}))"  # noqa: S608
            )
        cursor.execute("SELECT setval('tugi_ticket_number', (SELECT MAX(number) FROM tickets_ticket))")
        cursor.execute("VACUUM ANALYZE")


def _document(number: int, tokens: tuple[str, ...]) -> Row:
    return postgres_index.row_of(index.Document(number, tokens))


def _text(rows: Iterable[Row], defaults: Row) -> str:
    rest = "".join(f"\t{_shown(value)}" for value in defaults)
    lines = ["\t".join([_shown(value) for value in row]) + rest for row in rows]
    # Nothing here holds a tab or a backslash; a line's end inside a value is told from a row's by this mark.
    return "\n".join(lines).replace("\x00", "\\n") + "\n"


def _shown(value: object) -> str:
    if value is None:
        return "\\N"
    return value.replace("\n", "\x00") if isinstance(value, str) else str(value)
