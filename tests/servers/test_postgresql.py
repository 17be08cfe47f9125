from __future__ import annotations

import psycopg
import pytest

from tests.servers.postgresql import new_database

pytestmark = pytest.mark.once


def test_postgresql_takes_connections(postgres_server: str) -> None:
    with psycopg.connect(postgres_server) as connection:
        assert connection.info.server_version >= 150000


def test_a_new_database_is_empty(postgres_server: str) -> None:
    with psycopg.connect(new_database(postgres_server, "fresh")) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()

    assert tables == (0,)
