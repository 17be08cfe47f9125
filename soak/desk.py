"""A desk to be tormented: its data, its nest of workers, and the servers around it."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from soak.nest import Nest, is_alive, kill, wait_for_death
from soak.post import Letter
from tests.servers.postgresql import new_database
from tests.servers.processes import folder, free_port
from tests.servers.smtp_sink import SmtpSink, smtp_sink
from tests.servers.tugi_server import prepare

_MESSAGE_ID = re.compile(rb"^message-id:\s*<([^>]+)>", re.IGNORECASE | re.MULTILINE)


class NotQuiet(Exception):
    """The desk did not come to rest in time; the text says what it still had to do."""


@dataclass
class Desk:
    """`workers` are pids, alive or dead. `smtp_port` is the desk's own listener, `sink` stands for all customers."""

    engine: str
    home: Path
    environment: dict[str, str]
    nest: Nest
    smtp_port: int
    sink: SmtpSink
    workers: list[int] = field(default_factory=list)
    lease: float = 4

    def hatch(self, **traps: Any) -> int:
        pid = self.nest.worker(lease=self.lease, **traps)
        self.workers.append(pid)
        return pid

    def end_workers(self, number: int = 9) -> None:
        for pid in self.workers:
            kill(pid, number)
        for pid in self.workers:
            wait_for_death(pid, 10)
        self.workers = []

    def rest(self, seconds: float) -> None:
        """Let two workers finish everything in peace. Raises NotQuiet."""
        self.workers = [pid for pid in self.workers if is_alive(pid)]
        while len(self.workers) < 2:
            self.hatch()
        ends_at = time.monotonic() + seconds
        while any((left := self.nest.do("waiting")).values()):
            if time.monotonic() > ends_at:
                raise NotQuiet(f"after {seconds:.0f} s: {left}; see {self.home / 'log'}")
            time.sleep(0.2)
        self.end_workers(15)

    def ledger(self, letters: list[Letter], *, in_doubt: int = 0) -> dict[str, Any]:
        """What was acknowledged against what is there. Every letter in `letters` was.

        `in_doubt` is how often a mail may have left without anybody being able to write that down: it goes out again
        under its Message-ID, by which its reader's server knows it.
        """
        found = self.nest.do("audit")
        told = Counter(match[1].decode() for sent in self.sink.deliveries if (match := _MESSAGE_ID.search(sent.raw)))
        wanted = {letter.token: len(letter.to) for letter in letters}
        here = {token: count for token, count in found["tokens"].items() if token in wanted}
        return {
            "sent": len(letters),
            "to mailboxes": sum(wanted.values()),
            "tickets": found["tickets"],
            "messages": found["messages"],
            "mails out": len(found["mail ids"]),
            "duplicates": sum(max(count - wanted[token], 0) for token, count in here.items()),
            "lost": sum(max(count - here.get(token, 0), 0) for token, count in wanted.items()),
            "mails out lost": len([mail_id for mail_id in found["mail ids"] if not told[mail_id]]) + found["not sent"],
            "mails out again": sum(count - 1 for count in told.values()),
            "that may go out again": in_doubt,
            "given up": found["failed in"],
            "wrong": found["wrong"],
        }


@dataclass(frozen=True)
class Ground:
    """A prepared desk that others are copied from."""

    engine: str
    server: str
    database: str
    data: Path

    @contextmanager
    def desk(self, *, data_at: Path | None = None, lease: float = 4, sink_port: int = 0) -> Iterator[Desk]:
        """A fresh copy. `data_at` is where its data directory is to lie, `sink_port` a proxy before the customers."""
        with folder("tugi-soak") as home, smtp_sink() as sink:
            data = data_at or home / "data"
            shutil.copytree(self.data, data, dirs_exist_ok=True)
            environment, port = _environment(home, data, sink_port or sink.port, self._copy_of_database())
            nest = Nest(environment, home / "log")
            made = Desk(self.engine, home, environment, nest, port, sink, lease=lease)
            try:
                yield made
            finally:
                made.end_workers()
                nest.close()

    def _copy_of_database(self) -> str:
        if not self.server:
            return ""
        import psycopg

        name = f"soak_{secrets.token_hex(4)}"
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{self.database}"')
        return f"{self.server.rpartition('/')[0]}/{name}"


@contextmanager
def ground(engine: str, server: str = "") -> Iterator[Ground]:
    """Migrate and set up one desk. `server` is the URL of a PostgreSQL on which databases may be made."""
    name = f"soak_ground_{secrets.token_hex(4)}"
    url = new_database(server, name) if server else ""
    with folder("tugi-soak-ground") as home:
        environment, _port = _environment(home, home / "data", 1, url)
        (home / "data").mkdir()
        nest = Nest(environment, home / "log")
        try:
            nest.do("prepare")
        except RuntimeError as error:
            raise RuntimeError(f"{error}\n{(home / 'log').read_text()}") from error
        nest.close()
        yield Ground(engine, server, name, home / "data")


def _environment(home: Path, data: Path, sink_port: int, url: str) -> tuple[dict[str, str], int]:
    port = free_port()
    settings = {
        "TUGI_DATA": str(data),
        "TUGI_SMTP_LISTEN": f"127.0.0.1:{port}",
        "TUGI_SMTP_SEND": f"127.0.0.1:{sink_port}",
        "TUGI_LOG_LEVEL": "warning",
    }
    server = prepare(home, url, settings)
    return server.environment, port
