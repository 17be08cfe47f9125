"""A throw-away PostgreSQL. `python -m tests.servers.postgresql COMMAND …` runs a command on it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Cluster:
    """A server's files; `up` is the server itself, which may go and come again."""

    home: Path
    port: int
    places: Path
    user: str | None

    @property
    def url(self) -> str:
        return f"postgres://tugi@127.0.0.1:{self.port}/postgres"

    @contextmanager
    def up(self) -> Iterator[None]:
        """The server runs while the block lasts."""
        settings = [word for name, value in QUICK.items() for word in ("-c", f"{name}={value}")]
        address = ["-p", str(self.port), "-k", str(self.home), "-c", "listen_addresses=127.0.0.1"]
        command = [str(self.places / "postgres"), "-D", str(self.home / "data"), *address, *settings]
        with running(command, self.home / "log", self.user, stop=signal.SIGINT, cwd=self.home):
            wait_until(lambda: is_open(self.port), "PostgreSQL")
            wait_until(lambda: _takes_connections(self.places, self.port), "PostgreSQL")
            yield


@contextmanager
def cluster() -> Iterator[Cluster]:
    """An empty one, down."""
    places = binaries()
    assert places, "PostgreSQL is not installed: apt-get install postgresql"
    user = UNPRIVILEGED if os.geteuid() == 0 else None
    with folder("tugi-pg", user) as home:
        _make_cluster(places, home / "data", user)
        yield Cluster(home, free_port(), places, user)


@contextmanager
def postgresql() -> Iterator[str]:
    """Its DATABASE_URL, while the block lasts."""
    with cluster() as made, made.up():
        yield made.url


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
