"""What the doctor asks of the ground: configuration, keys, database, disk."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.core import checks
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tugi.core.checks import uses_sqlite
from tugi.core.doctor import Finding, amber, green, probe, red
from tugi.core.schema import newer, unapplied
from tugi.core.storage import MARKS, storage

GIB = 1024**3


@probe("configuration")
def configuration() -> Iterator[Finding]:
    """Every system check."""
    found = [message for message in checks.run_checks(include_deployment_checks=True) if _matters(message)]
    for message in found:
        say = red if message.is_serious() else amber
        yield say(f"{message.msg} ({message.id})", message.hint or "")
    if not found:
        yield green(f"The configuration is sound; data in {settings.DATA_DIR}.")


def _matters(message: checks.CheckMessage) -> bool:
    # Django's own advice on https repeats, in its words, what tugi.W016 says once.
    return not message.is_silenced() and not str(message.id).startswith("security.W")


@probe("database")
def database() -> Iterator[Finding]:
    """Reached, of this version, whole, and as safe as it should be."""
    yield from (_sqlite() if uses_sqlite() else _postgresql())
    executor = MigrationExecutor(connection)
    missing, unknown = unapplied(executor), newer(executor)
    if missing:
        yield red(f"{len(missing)} migrations are missing, the first is {missing[0]}.", "Run `tugi migrate`.")
    if unknown:
        hint = "Install that version, or restore the backup made before it was installed."
        yield red(f"The database was written by a newer Tugi: it has {unknown[0]}.", hint)
    if not missing and not unknown:
        yield green("All migrations are applied.")


def _sqlite() -> Iterator[Finding]:
    version, mode, sync = (_pragma(name) for name in ("sqlite_version()", "journal_mode", "synchronous"))
    yield green(f"SQLite {version}.")
    if (mode, sync) == ("wal", "2"):
        yield green("Every commit reaches the disk (WAL, synchronous=FULL).")
    else:
        yield red(f"journal_mode is {mode}, synchronous is {sync}.", "Nothing of Tugi sets these: who does?")
    answer = _pragma("quick_check")
    if answer == "ok":
        yield green("The database file is whole.")
    else:
        yield red(f"The database file is damaged: {answer}", "Stop Tugi, keep the file, restore the last backup.")


def _pragma(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name}" if name.endswith(")") else f"PRAGMA {name}")
        return str(cursor.fetchone()[0])


def _postgresql() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('fsync')")
        version, fsync = cursor.fetchone()
    yield green(f"PostgreSQL {version}.")
    if fsync != "on":
        yield red("The server has fsync off: it loses data when the power fails.", "Set fsync = on.")


@probe("disk")
def disk() -> Iterator[Finding]:
    """Room where the data directory is."""
    room = storage()
    percent = room.percent
    text = f"{percent} % full, {room.free / GIB:.1f} GiB free."
    told, warned, alarmed = MARKS
    if percent >= alarmed:
        yield red(text, "Make room now: mail is refused when the disk is full.")
    elif percent >= warned:
        yield amber(text, "Make room soon.")
    elif percent >= told:
        yield amber(text, "Watch it.")
    else:
        yield green(text)
