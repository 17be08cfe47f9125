"""Starting and ending a server of ours: by its own process, never by name."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

UNPRIVILEGED = "nobody"


class NotReady(Exception):
    """The server did not come up; the text holds what it said."""


def free_port() -> int:
    """A port on loopback that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(ready: Callable[[], bool], what: str, seconds: float = 20) -> None:
    """Raises NotReady."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise NotReady(f"{what} did not come up within {seconds:.0f} s")
        time.sleep(0.05)


@contextmanager
def folder(prefix: str, owner: str | None = None) -> Iterator[Path]:
    """A throw-away folder with a short name (for sockets), given to `owner` where root runs the tests."""
    path = Path(tempfile.mkdtemp(prefix=f"{prefix}-", dir="/tmp"))
    if owner and os.geteuid() == 0:
        shutil.chown(path, owner)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def running(
    command: Sequence[str | Path],
    log: Path,
    user: str | None = None,
    stop: int = signal.SIGTERM,
    **options: Any,
) -> Iterator[subprocess.Popen[bytes]]:
    """The process, as `user` where root runs the tests; ended with everything it started."""
    as_user: dict[str, Any] = {}
    if user and os.geteuid() == 0:
        as_user = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            **as_user,
            **options,
        )
    try:
        yield process
    finally:
        end(process, stop)


def end(process: subprocess.Popen[bytes], number: int = signal.SIGTERM) -> None:
    if process.poll() is None:
        process.send_signal(number)
        try:
            process.wait(8)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def program(name: str, *places: str) -> Path | None:
    """Where a program of the system is, or None."""
    found = shutil.which(name, path=os.pathsep.join([*places, os.environ["PATH"], "/usr/sbin", "/usr/lib/dovecot"]))
    return Path(found) if found else None
