"""The database before serving: reached, of a known age, with every table this version needs."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from tugi.core.schema import newer, unapplied
from tugi.serve.refusal import StartRefused

OLDEST_POSTGRESQL = 150000
# Any number, as long as every Tugi takes the same.
LOCK_NUMBER = 8_415_673_311_204_501


def bring_up_to_date() -> int:
    """Migrate where needed, one process at a time; returns how many migrations ran. Raises StartRefused."""
    reach()
    with _one_at_a_time():
        executor = MigrationExecutor(connection)
        refuse_newer(executor)
        missing = unapplied(executor)
        if missing:
            call_command("migrate", interactive=False, verbosity=0)
    return len(missing)


def refuse_unmigrated() -> None:
    """For processes that only serve: the database must be of this version already. Raises StartRefused."""
    reach()
    executor = MigrationExecutor(connection)
    refuse_newer(executor)
    if missing := unapplied(executor):
        raise StartRefused(
            f"The database is older than this Tugi: {len(missing)} migrations are missing, the first is "
            f"{missing[0]}. Run `tugi migrate` once, then start again."
        )


def refuse_newer(executor: MigrationExecutor) -> None:
    if unknown := newer(executor):
        raise StartRefused(
            f"The database was written by a newer Tugi: it has {unknown[0]}, which this version does not "
            "know. Install that newer version, or restore the backup made before it was installed."
        )


def reach() -> None:
    """Connect once, without the pool's patience. Raises StartRefused with the server's own words."""
    try:
        if connection.vendor == "postgresql":
            _reach_postgresql()
        else:
            connection.ensure_connection()
    except Error as error:
        raise StartRefused(_unreachable(str(error).strip())) from error


def _reach_postgresql() -> None:
    import psycopg

    parameters: dict[str, Any] = {**connection.get_connection_params()}
    for name in ("pool", "cursor_factory", "context", "prepare_threshold"):
        parameters.pop(name, None)
    try:
        with psycopg.connect(**parameters) as probe:
            version = probe.info.server_version
    except psycopg.Error as error:
        raise StartRefused(_unreachable(str(error).strip())) from error
    if version < OLDEST_POSTGRESQL:
        raise StartRefused(
            f"Tugi needs PostgreSQL 15 or newer; the server is {version // 10000}. Upgrade the server, or "
            "leave DATABASE_URL out to use SQLite."
        )


def _unreachable(words: str) -> str:
    where = settings.DATABASES["default"]
    name = f"{where['HOST'] or 'the local socket'}, database {where['NAME']}" if where["HOST"] else where["NAME"]
    return f"The database ({name}) cannot be used: {words}. Check that it runs and that DATABASE_URL is right."


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK_NUMBER])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK_NUMBER])
        return
    with (settings.DATA_DIR / "migrate.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
