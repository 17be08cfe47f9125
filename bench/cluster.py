"""The benchmark's own PostgreSQL, kept between runs in the cache, up only while something is built or measured.

It runs as an unprivileged user and is configured as a small server of its own would be: it waits for the disk.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.servers.postgresql import binaries
from tests.servers.processes import UNPRIVILEGED, folder, free_port, is_open, running, wait_until

SETTINGS = {
    "shared_buffers": "2GB",
    "effective_cache_size": "8GB",
    "work_mem": "16MB",
    "random_page_cost": "1.1",
    "max_wal_size": "8GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "100",
    "autovacuum_naptime": "10min",
}


@contextmanager
def cluster(home: Path) -> Iterator[str]:
    """The URL of its maintenance database, while the block lasts. `home` is made on the first run."""
    places = binaries()
    assert places, "PostgreSQL is not installed: apt-get install postgresql"
    user = UNPRIVILEGED if os.geteuid() == 0 else None
    home.mkdir(parents=True, exist_ok=True)
    if user:
        shutil.chown(home, user)
    data, port = home / "data", free_port()
    if not (data / "PG_VERSION").exists():
        initdb: list[str | Path] = [
            places / "initdb",
            "-D",
            data,
            "-U",
            "tugi",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-N",
        ]
        with running(initdb, home / "initdb.log", user, cwd=home) as making:
            assert making.wait(60) == 0, (home / "initdb.log").read_text()
    (data / "postmaster.pid").unlink(missing_ok=True)
    settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    with folder("tugi-bench", user) as sockets:
        address = ["-p", str(port), "-k", str(sockets), "-c", "listen_addresses=127.0.0.1"]
        command = [str(places / "postgres"), "-D", str(data), *address, *settings]
        with running(command, home / "log", user, stop=signal.SIGINT, cwd=home) as server:
            wait_until(lambda: is_open(port) or server.poll() is not None, "PostgreSQL", 120)
            url = f"postgres://tugi@127.0.0.1:{port}/postgres"
            wait_until(lambda: _answers(places, port), "PostgreSQL", 120)
            yield url


def make_database(url: str, name: str) -> str:
    """The URL of that database, made if it is not there."""
    with psycopg.connect(url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f'CREATE DATABASE "{name}"')
    return url.rpartition("/")[0] + f"/{name}"


def drop_database(url: str, name: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')


def _answers(places: Path, port: int) -> bool:
    probe = [str(places / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    return subprocess.run(probe, check=False).returncode == 0
