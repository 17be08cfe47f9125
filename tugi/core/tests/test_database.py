from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from tugi.core.database import BadDatabaseURL, settings_for

DATA = Path("/srv/tugi")


def test_without_a_url_it_is_a_file_in_the_data_directory() -> None:
    assert settings_for("", DATA, 8)["NAME"] == DATA / "tugi.sqlite3"


def test_a_sqlite_url_names_a_file() -> None:
    assert settings_for("sqlite:////var/x.db", DATA, 8)["NAME"] == Path("/var/x.db")


def test_a_postgresql_url_is_taken_apart() -> None:
    found = settings_for("postgres://tugi:p%40ss%2F@db.example:5433/desk?sslmode=require", DATA, 8)

    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", 5433, "desk")
    assert (found["USER"], found["PASSWORD"]) == ("tugi", "p@ss/")
    assert found["OPTIONS"]["sslmode"] == "require"
    assert found["OPTIONS"]["pool"]["max_size"] > 8


def test_a_socket_is_named_after_the_question_mark() -> None:
    assert settings_for("postgresql:///desk?host=/run/postgresql", DATA, 8)["HOST"] == "/run/postgresql"


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:hunter2@h/d",
        "postgres",
        "postgres://u:hunter2@h",
        "postgres://u:hunter2@h/",
        "postgres://u:hunter2@h/a/b",
        "postgres://u:hunter2@h:port/d",
        "postgres://u:hunter2@h/d?sslmood=require",
        "sqlite://",
        "sqlite:relative.db",
    ],
)
def test_what_cannot_be_understood_is_refused_without_the_password(url: str) -> None:
    with pytest.raises(BadDatabaseURL) as refused:
        settings_for(url, DATA, 8)

    assert "hunter2" not in str(refused.value)


@pytest.mark.django_db
def test_sqlite_runs_as_it_should() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("about SQLite")
    wanted = {"journal_mode": "wal", "foreign_keys": 1, "trusted_schema": 0, "busy_timeout": 5000}
    with connection.cursor() as cursor:
        found = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted}

    assert found == wanted
