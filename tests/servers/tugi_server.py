"""The real product as a process: `tugi serve` in a throw-away data directory on free ports."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.servers.processes import NotReady, end, folder, free_port, running, wait_until

CHECKOUT = Path(__file__).parents[2]


@dataclass
class TugiServer:
    """A running desk. `environment` is what its own commands need to meet the same desk."""

    url: str
    port: int
    smtp_port: int
    data_dir: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    log_path: Path = field(default_factory=Path)

    def log(self) -> str:
        return self.log_path.read_text() if self.log_path.exists() else ""

    def command(self, *words: str, input: bytes | None = None) -> subprocess.CompletedProcess[bytes]:  # noqa: A002
        """Run `tugi WORDS` beside it, to its end."""
        return subprocess.run(
            [sys.executable, "-m", "tugi", *words],
            env=self.environment,
            cwd=CHECKOUT,
            input=input,
            capture_output=True,
            check=False,
            timeout=60,
        )

    def stop(self, number: int = signal.SIGTERM) -> int:
        assert self.process
        end(self.process, number)
        return self.process.returncode


def plain_environment() -> dict[str, str]:
    """This process's environment without what configures Tugi or Django."""
    foreign = ("TUGI_", "DJANGO_", "DATABASE_URL", "PYTEST")
    return {key: value for key, value in os.environ.items() if not key.startswith(foreign)}


@contextmanager
def tugi_server(
    database_url: str = "", settings: Mapping[str, str] | None = None, arguments: tuple[str, ...] = ()
) -> Iterator[TugiServer]:
    """A desk that answers. SQLite unless `database_url` names a database of PostgreSQL."""
    with folder("tugi-desk") as home:
        server = prepare(home, database_url, settings)
        with started(server, arguments):
            yield server


@cache
def build() -> None:
    """Compile and collect what the sources changed since the last time, as every script in bin/ does."""
    subprocess.run(["bash", "-c", ". bin/_env; need_built"], cwd=CHECKOUT, env=plain_environment(), check=True)


def prepare(home: Path, database_url: str = "", settings: Mapping[str, str] | None = None) -> TugiServer:
    """A desk that has not been started yet, its data in `home`/data."""
    build()
    port, smtp_port = free_port(), free_port()
    environment = plain_environment() | {
        "TUGI_DATA": str(home / "data"),
        "TUGI_PORT": str(port),
        "TUGI_SMTP_LISTEN": f"127.0.0.1:{smtp_port}",
        "PYTHONPATH": str(CHECKOUT),
        "PYTHONUNBUFFERED": "1",
        **({"DATABASE_URL": database_url} if database_url else {}),
        **(settings or {}),
    }
    url = f"http://127.0.0.1:{port}"
    return TugiServer(url, port, smtp_port, home / "data", environment, log_path=home / "log")


@contextmanager
def started(server: TugiServer, arguments: tuple[str, ...] = ()) -> Iterator[TugiServer]:
    """Start it, wait for its first page, end it. Raises NotReady with its log."""
    command = [sys.executable, "-m", "tugi", "serve", *arguments]
    with running(command, server.log_path, env=server.environment, cwd=CHECKOUT) as process:
        server.process = process
        try:
            wait_until(lambda: process.poll() is not None or answers(server.url), "Tugi", 60)
        except NotReady as error:
            raise NotReady(f"{error}\n{server.log()}") from error
        if process.poll() is not None:
            raise NotReady(f"Tugi ended with code {process.returncode}\n{server.log()}")
        yield server


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
