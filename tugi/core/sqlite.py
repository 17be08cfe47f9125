"""The SQLite that Tugi runs on.

SQLite 3.7.0 to 3.51.2 has a race in its write-ahead log that can lose commits, and Debian ships
such a version. Where Python links one of them the `pysqlite3` wheel, which brings its own newer
library, takes the place of `sqlite3` before Django imports it.
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

SAFE_VERSION = (3, 51, 3)


def use_safe_library() -> None:
    """Let `import sqlite3` mean a library without the race; keep Python's own if it is new enough, or all there is.

    Who serves from SQLite then looks at `linked_version()` and refuses in words; a desk on PostgreSQL needs neither.
    """
    if sqlite3.sqlite_version_info >= SAFE_VERSION:
        return
    try:
        import pysqlite3
    except ImportError:
        return
    if pysqlite3.sqlite_version_info > sqlite3.sqlite_version_info:
        sys.modules["sqlite3"] = pysqlite3
        sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2


def has_tables(path: Path) -> bool:
    """Whether that file is more than an empty database. One that cannot be read counts: its reader will say why."""
    if not path.exists():
        return False
    library = sys.modules["sqlite3"]
    try:
        with closing(library.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as database:
            return database.execute("SELECT 1 FROM sqlite_master").fetchone() is not None
    except library.Error:
        return True


def linked_version() -> tuple[int, ...]:
    """The version of the library now in use, such as `(3, 53, 4)`."""
    return tuple(sys.modules["sqlite3"].sqlite_version_info)
