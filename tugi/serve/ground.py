"""What must stand before Django is imported: a sane configuration, a private data directory, keys, a lock."""

from __future__ import annotations

import fcntl
import os
import socket
import sys
from pathlib import Path
from typing import IO

from tugi.core import keys, sqlite
from tugi.core.config import Config
from tugi.core.database import no_desk
from tugi.serve.refusal import StartRefused

LOCK = "serve.lock"


def prepare(config: Config) -> None:
    """Refuse what cannot work, then make what is missing. Raises StartRefused."""
    refuse_unfit(config)
    # Whatever this process or its children write is for its owner alone.
    os.umask(0o077)
    try:
        keys.prepare(config.data_dir, config.keys)
        _make_database_file(config)
        _try_writing(config.data_dir)
    except OSError as error:
        raise StartRefused(
            f"Tugi cannot write its data directory {config.data_dir}: {error.strerror}. Give the user "
            "that runs Tugi the right to write there, or name another directory with TUGI_DATA."
        ) from error


def refuse_unfit(config: Config) -> None:
    """Refuse what cannot work, and make nothing. Raises StartRefused."""
    refuse_problems(config)
    refuse_old_sqlite(config)


def refuse_no_desk(config: Config) -> None:
    """For what needs a desk that was started before: without one nothing is made. Raises StartRefused."""
    refuse_unfit(config)
    if sentence := no_desk(config.database, config.data_dir):
        raise StartRefused(sentence)


def refuse_problems(config: Config) -> None:
    if config.problems:
        lines = [f"{problem.message} {problem.hint} ({problem.id})" for problem in config.problems]
        raise StartRefused("\n".join(["Tugi's configuration has to be corrected first.", *lines]))


def refuse_old_sqlite(config: Config) -> None:
    if "sqlite" not in config.database["ENGINE"]:
        return
    sqlite.use_safe_library()
    version = sqlite.linked_version()
    if version < sqlite.SAFE_VERSION:
        raise StartRefused(
            f"Tugi needs SQLite {_dotted(sqlite.SAFE_VERSION)} or newer and found {_dotted(version)}, "
            "which can lose what was committed. Install the pysqlite3 package of requirements/base.txt, "
            "or set DATABASE_URL to a PostgreSQL database."
        )


def refuse_running(data_dir: Path) -> None:
    """Where Tugi itself runs already, its ports are taken by it: that is the reason to give. Raises StartRefused."""
    if os.access(data_dir / LOCK, os.W_OK):
        lock(data_dir).close()


def lock(data_dir: Path) -> IO[str]:
    """One supervisor a data directory; the lock lasts as long as the file is open. Raises StartRefused."""
    file = (data_dir / LOCK).open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.seek(0)
        owner = file.read().strip() or "unknown"
        file.close()
        raise StartRefused(
            f"Tugi already runs on the data directory {data_dir} (process {owner}). Stop that one first, "
            "or name another directory with TUGI_DATA."
        ) from error
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def listen(host: str, port: int, setting: str) -> socket.socket:
    """A listening socket. Raises StartRefused where the port is taken or the address is not ours."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise StartRefused(
            f"Tugi cannot listen on {host}:{port}: {_reason(error)}. Choose another with {setting}. (tugi.E023)"
        ) from error


def _reason(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "ports below 1024 are for root only"
    return {98: "another program has that port", 99: "this machine has no such address"}.get(
        error.errno or 0, error.strerror or str(error)
    )


def _make_database_file(config: Config) -> None:
    # SQLite gives its log and its shared memory the rights of the main file.
    if "sqlite" in config.database["ENGINE"]:
        os.close(os.open(config.database["NAME"], os.O_RDWR | os.O_CREAT, 0o600))


def _try_writing(directory: Path) -> None:
    probe = directory / f".probe.{os.getpid()}"
    probe.touch(mode=0o600)
    probe.unlink()


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def python_of_this_environment() -> list[str]:
    """How a child process is started."""
    return [sys.executable, "-m", "tugi"]
