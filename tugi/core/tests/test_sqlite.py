from __future__ import annotations

import sqlite3
import sys

import pytest

from tugi.core import config, sqlite
from tugi.serve import ground
from tugi.serve.refusal import StartRefused


@pytest.fixture
def old(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python links an old library, and the newer one is not installed."""
    own = sys.modules["sqlite3"]
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))
    monkeypatch.setattr(sqlite, "sqlite3", sqlite3)
    monkeypatch.setitem(sys.modules, "sqlite3", own)
    monkeypatch.setattr(own, "sqlite_version_info", (3, 40, 1))
    monkeypatch.setitem(sys.modules, "pysqlite3", None)


def test_an_old_library_alone_is_refused_in_words(old: None) -> None:
    with pytest.raises(StartRefused, match=r"3\.51\.3 or newer and found 3\.40\.1"):
        ground.refuse_old_sqlite(config.load({}))


def test_a_desk_on_postgresql_does_not_mind(old: None) -> None:
    ground.refuse_old_sqlite(config.load({"DATABASE_URL": "postgres://tugi@localhost/tugi"}))
    sqlite.use_safe_library()
