"""A throw-away PostgreSQL. `python -m tests.servers.postgresql COMMAND …` runs a command on it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.processes import UNPRIVILEGED, folder, free_port, is_open, program, running, wait_until

# Nothing here outlives the tests: no need to wait for a disk.
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}


def binaries() -> Path | None:
    """The newest installed PostgreSQL's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if found:
        return found[-1]
    initdb = program("initdb")
    return initdb.parent if initdb else None


@contextmanager
def postgresql() -> Iterator[str]:
    """Its DATABASE_URL, while the block lasts."""
    places = binaries()
    assert places, "PostgreSQL is not installed: apt-get install postgresql"
    user = UNPRIVILEGED if os.geteuid() == 0 else None
    with folder("tugi-pg", user) as home:
        data, log, port = home / "data", home / "log", free_port()
        _make_cluster(places, data, user)
        settings = [word for name, value in QUICK.items() for word in ("-c", f"{name}={value}")]
        address = ["-p", str(port), "-k", str(home), "-c", "listen_addresses=127.0.0.1"]
        command = [str(places / "postgres"), "-D", str(data), *address, *settings]
        with running(command, log, user, stop=signal.SIGINT, cwd=home):
            wait_until(lambda: is_open(port), "PostgreSQL")
            wait_until(lambda: _takes_connections(places, port), "PostgreSQL")
            yield f"postgres://tugi@127.0.0.1:{port}/postgres"


def _make_cluster(places: Path, data: Path, user: str | None) -> None:
    choices = ["-U", "tugi", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
    with running([places / "initdb", "-D", data, *choices], data.with_name("initdb"), user, cwd=data.parent) as making:
        assert making.wait(60) == 0, data.with_name("initdb").read_text()


def _takes_connections(places: Path, port: int) -> bool:
    probe = [str(places / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    return subprocess.run(probe, check=False).returncode == 0


def new_database(url: str, name: str) -> str:
    """Make an empty database on that server; returns its URL."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return url.rpartition("/")[0] + f"/{name}"


def main() -> int:
    with postgresql() as url:
        return subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
