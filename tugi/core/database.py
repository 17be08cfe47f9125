"""Which database Tugi keeps its tables in: an SQLite file in the data directory, or PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tugi.core.sqlite import has_tables

FILE_NAME = "tugi.sqlite3"
SQLITE_PRAGMAS = """
    PRAGMA journal_mode=WAL;
    PRAGMA synchronous=FULL;
    PRAGMA trusted_schema=OFF;
    PRAGMA cache_size=-16000;
    PRAGMA mmap_size=268435456;
    PRAGMA journal_size_limit=67108864;
    PRAGMA temp_store=MEMORY
"""
POSTGRESQL_SCHEMES = {"postgres", "postgresql"}
# libpq's own words that may follow the question mark; anything else is refused as a slip.
POSTGRESQL_OPTIONS = {
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "channel_binding",
    "connect_timeout",
    "target_session_attrs",
    "application_name",
    "service",
    "passfile",
}

NO_DESK = (
    "There is no desk in {} yet. Start one with bin/serve, or say where it is: "
    "TUGI_DATA=data-demo for the one that bin/serve --demo made."
)


class BadDatabaseURL(ValueError):
    """`DATABASE_URL` cannot be understood; the text is one sentence and never holds the password."""


def no_desk(database: Mapping[str, Any], data_dir: Path) -> str:
    """A sentence where nothing has ever been started, else nothing. Makes nothing."""
    is_sqlite = "sqlite" in database["ENGINE"]
    is_there = has_tables(Path(database["NAME"])) if is_sqlite else data_dir.exists()
    return "" if is_there else NO_DESK.format(data_dir)


def settings_for(url: str, data_dir: Path, threads: int) -> dict[str, Any]:
    """Django's entry in DATABASES. An empty `url` means the SQLite file. Raises BadDatabaseURL."""
    if not url:
        return sqlite(data_dir / FILE_NAME)
    scheme, colon, rest = url.partition(":")
    if scheme == "sqlite":
        return sqlite(_sqlite_path(rest))
    if scheme in POSTGRESQL_SCHEMES and colon:
        return postgresql(url, threads)
    raise BadDatabaseURL("does not begin with postgres:// or sqlite:///")


def sqlite(path: Path) -> dict[str, Any]:
    """Every commit reaches the disk (FULL), every transaction takes the write lock at its start."""
    return {
        "ENGINE": "tugi.core.sqlite_in_turn",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 5, "init_command": SQLITE_PRAGMAS},
    }


def postgresql(url: str, threads: int) -> dict[str, Any]:
    """`postgres://user:password@host:port/name?sslmode=require`; `?host=/run/postgresql` for a socket."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadDatabaseURL("has a port that is no number") from error
    name = unquote(parts.path.lstrip("/"))
    if not name or "/" in name:
        raise BadDatabaseURL("names no database: it ends in /name")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    if unknown := set(options) - POSTGRESQL_OPTIONS:
        raise BadDatabaseURL(f"has an option that is not known: {', '.join(sorted(unknown))}")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port or "",
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            "connect_timeout": 5,
            "application_name": "tugi",
            **options,
            # More than the threads that answer: the live socket and the worker's loops have their own.
            "pool": {"min_size": 1, "max_size": threads + 12, "timeout": 5},
        },
    }


def _sqlite_path(rest: str) -> Path:
    if not rest.startswith("///") or len(rest) == 3:
        raise BadDatabaseURL("names no file: write sqlite:////absolute/path")
    return Path(unquote(rest[3:])).absolute()
