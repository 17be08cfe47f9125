"""The desks that are measured: built once for each engine and size, kept in `.cache/bench`, brought up to date later.

A desk remembers the migrations it was made by. As long as those are as they were, newer ones are applied, as at a
customer's; where one has changed, the desk is built anew.
"""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from bench import cluster

CHECKOUT = Path(__file__).resolve().parents[1]
CACHE = CHECKOUT / ".cache" / "bench"
ENGINES = ("sqlite", "postgresql")
EDITIONS = {"sqlite": "2", "postgresql": "3"}
"""Raised by whoever changes what a desk holds."""
BYTES_A_TICKET = {"sqlite": 14_000, "postgresql": 19_000}


class NoRoom(Exception):
    """The disk has not enough room for a desk."""


@dataclass(frozen=True)
class Desk:
    """A built desk. `environment` is what a process needs to be its web, its worker, or its measurer."""

    engine: str
    tickets: int
    home: Path
    environment: Mapping[str, str] = field(repr=False)

    @property
    def name(self) -> str:
        return f"{self.engine} {self.tickets:,}"


@contextmanager
def desks(engine: str, sizes: tuple[int, ...]) -> Iterator[list[Desk]]:
    """The engine's desks of these sizes, built if they are not there; PostgreSQL is up while the block lasts."""
    if engine == "sqlite":
        yield [_ready(engine, tickets, "") for tickets in sizes]
        return
    with cluster.cluster(CACHE / "cluster") as server:
        yield [_ready(engine, tickets, server) for tickets in sizes]


def _ready(engine: str, tickets: int, server: str) -> Desk:
    home = CACHE / f"{engine}-{tickets}"
    mark = home / "made.json"
    if mark.exists() and not _is_of_this_kind(engine, json.loads(mark.read_text())):
        _discard(home, server)
    home.mkdir(parents=True, exist_ok=True)
    url = cluster.make_database(server, home.name) if server else ""
    desk = Desk(engine, tickets, home, _environment(home, url))
    if mark.exists():
        _run(desk, "tugi", "migrate")
        return desk
    started = home / "started.json"
    if started.exists() and not _is_of_this_kind(engine, json.loads(started.read_text())):
        _discard(home, server)
        return _ready(engine, tickets, server)
    _build(desk, started, mark)
    return desk


def _build(desk: Desk, started: Path, mark: Path) -> None:
    needed = desk.tickets * BYTES_A_TICKET[desk.engine]
    free = shutil.disk_usage(CACHE).free
    if not started.exists() and free < needed * 1.2:
        raise NoRoom(f"{desk.name} tickets need {needed / 1e9:.0f} GB in {CACHE}; {free / 1e9:.0f} GB are free.")
    started.write_text(json.dumps(_kind(desk.engine)))
    _run(desk, "tugi", "migrate")
    _run(desk, "bench.build", str(desk.tickets))
    started.rename(mark)


def _run(desk: Desk, module: str, *words: str) -> None:
    subprocess.run([sys.executable, "-m", module, *words], env=dict(desk.environment), cwd=CHECKOUT, check=True)


def _environment(home: Path, url: str) -> dict[str, str]:
    foreign = ("TUGI_", "DJANGO_", "DATABASE_URL")
    ours = {
        "TUGI_DATA": str(home / "data"),
        "TUGI_LOG_LEVEL": "error",
        "TUGI_SMTP_LISTEN": "off",
        "PYTHONPATH": str(CHECKOUT),
        "PYTHONUNBUFFERED": "1",
        **({"DATABASE_URL": url} if url else {}),
    }
    return {name: value for name, value in os.environ.items() if not name.startswith(foreign)} | ours


def _discard(home: Path, server: str) -> None:
    print(f"{home.name} was built for another schema; it is built anew.", file=sys.stderr)
    if server:
        cluster.drop_database(server, home.name)
    shutil.rmtree(home)


def _is_of_this_kind(engine: str, made: Mapping[str, str]) -> bool:
    now = _kind(engine)
    return all(now.get(name) == digest for name, digest in made.items())


def _kind(engine: str) -> dict[str, str]:
    """Every migration with the digest of what it does: comments and layout make no difference."""
    found = {"edition": EDITIONS[engine]}
    for path in sorted((CHECKOUT / "tugi").glob("**/migrations/[0-9]*.py")):
        meaning = ast.dump(ast.parse(path.read_text(encoding="utf-8")))
        found[str(path.relative_to(CHECKOUT))] = sha256(meaning.encode()).hexdigest()
    return found
