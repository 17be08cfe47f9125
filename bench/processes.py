"""The real product on a desk: `tugi serve` with its web and worker, and what these processes use."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from tests.servers.processes import folder, is_open, wait_until
from tests.servers.tugi_server import TugiServer, started
from tugi.core import clock
from tugi.events.models import WorkerHeartbeat

TICK = os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(needs_worker: bool = True, **settings: str) -> Iterator[TugiServer]:
    """This process's own desk, served by processes of their own. `settings` are further TUGI_*."""
    port, smtp_port = _quiet_port(), _quiet_port()
    with folder("tugi-bench") as home:
        environment = {
            **os.environ,
            "TUGI_PORT": str(port),
            "TUGI_SMTP_LISTEN": f"127.0.0.1:{smtp_port}",
            "TUGI_SMTP_SEND": "folder",
            **settings,
        }
        url = f"http://127.0.0.1:{port}"
        data = Path(os.environ["TUGI_DATA"])
        server = TugiServer(url, port, smtp_port, data, environment, log_path=home / "log")
        began = clock.now()
        with started(server):
            if needs_worker:
                wait_until(lambda: WorkerHeartbeat.objects.filter(at__gte=began).exists(), "the worker", 90)
            yield server


def tree(pid: int) -> list[int]:
    """A process and all that it started, and those started."""
    found = [pid]
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in path.read_text().split():
            found += tree(int(child))
    return found


def named(server: TugiServer, name: str) -> int:
    """The pid of the server's web or worker."""
    assert server.process
    for pid in tree(server.process.pid)[1:]:
        words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
        if "tugi" in words and name in words:
            return pid
    raise LookupError(name)


def cpu_of_tree(pid: int) -> float:
    """Seconds of CPU of a process, its threads and its children, the ended ones among them."""
    total = 0
    for each in tree(pid):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        total += sum(map(int, fields[11:15] if each == pid else fields[11:13]))
    return total / TICK


def database_server() -> int | None:
    """The pid of PostgreSQL's first process, whose children do its work."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        return int((Path(cursor.fetchone()[0]) / "postmaster.pid").read_text().split()[0])


def cpu_of_desk(server: TugiServer) -> float:
    """Seconds of CPU of web and worker, and of the database's server."""
    assert server.process
    own = database_server()
    return cpu_of_tree(server.process.pid) + (cpu_of_tree(own) if own else 0.0)


def memory(pid: int, field: str = "Pss") -> float:
    """Megabytes, shared pages counted by share (Pss), or one of the kernel's other ways to count."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) / 1024
    raise LookupError(field)


def _quiet_port() -> int:
    """A free port that the kernel gives to no outgoing connection, of which a busy machine has many."""
    return next(port for port in iter(lambda: random.randrange(20_000, 30_000), 0) if not is_open(port))
