"""Every way to get the surroundings wrong, as a Django system check with an id and a hint.

E001–E009 and W001 come from reading the configuration (`config.py`); the others look at the machine.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004
from django.db import DatabaseError

from tugi.core import crypto, keys, lost_secrets, sqlite

NETWORK_FILE_SYSTEMS = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "afs",
    "9p",
    "fuse.sshfs",
    "ceph",
    "glusterfs",
}


def register_all() -> None:
    """Called once, when the core app is ready."""
    for check in (configuration, secrets, data_directory, database, proxies):
        register(check)
    # Only where pages are served: a migration needs no style sheets.
    register(static_files, deploy=True)
    # Asks the database, which not everybody who checks has.
    register(lost_key, deploy=True)


def configuration(app_configs: Sequence[AppConfig] | None = None, **options: Any) -> list[CheckMessage]:
    """What the readers of the environment and of tugi.toml complained about."""
    config = settings.CONFIG
    errors = [Error(problem.message, hint=problem.hint, id=problem.id) for problem in config.problems]
    return [
        *errors,
        *(Warning(strange.message, hint=strange.hint, id=strange.id) for strange in config.warnings),
    ]


def secrets(app_configs: Sequence[AppConfig] | None = None, **options: Any) -> list[CheckMessage]:
    """Keys are there, they work, and their files are private."""
    if not settings.KEYS.are_complete:
        hint = "They are made on the first `tugi serve` or `tugi migrate`."
        return [Warning("The desk has no keys yet.", hint=hint, id="tugi.W010")]
    found: list[CheckMessage] = [
        Error(f"{path} can be read by other users of this machine.", hint=f"chmod 600 {path}", id="tugi.E011")
        for path in _key_files()
        if _is_open_to_others(path)
    ]
    try:
        crypto.self_test()
    except crypto.CryptoError as error:
        hint = "Reinstall the cryptography package; until then nothing secret can be stored."
        found.append(Error(f"Encryption does not work here: {error}", hint=hint, id="tugi.E012"))
    return found


def lost_key(app_configs: Sequence[AppConfig] | None = None, **options: Any) -> list[CheckMessage]:
    """Whatever is encrypted in the database can be opened."""
    try:
        count = sum(1 for _ in lost_secrets.lost_secrets())
    except DatabaseError:  # no database, or none with tables: said elsewhere
        return []
    if not count:
        return []
    message = f"The encryption key is missing: {count} stored passwords were closed with another than the one here."
    path = settings.KEYS.directory / "encryption_key"
    hint = (
        f"Restore {path} (or TUGI_ENCRYPTION_KEY) from the backup. If it is lost for good, `tugi forget-secrets --yes` "
        "empties these passwords; enter them again in the settings."
    )
    return [Error(message, hint=hint, id="tugi.E022")]


def data_directory(app_configs: Sequence[AppConfig] | None = None, **options: Any) -> list[CheckMessage]:
    """Ours alone, and not on a network where SQLite's locks do not hold."""
    directory: Path = settings.DATA_DIR
    if not directory.is_dir():
        return []
    found: list[CheckMessage] = []
    if _is_open_to_others(directory):
        message = f"The data directory {directory} is open to other users of this machine."
        found.append(Error(message, hint=f"chmod 700 {directory}", id="tugi.E013"))
    if not os.access(directory, os.W_OK | os.X_OK):
        message = f"Tugi cannot write its data directory {directory}."
        hint = "Give the user that runs Tugi the right to write there, or set TUGI_DATA."
        found.append(Error(message, hint=hint, id="tugi.E019"))
    if uses_sqlite() and (kind := file_system(directory)) in NETWORK_FILE_SYSTEMS:
        message = f"The data directory is on a network file system ({kind}), where SQLite loses data."
        found.append(Error(message, hint="Move it to a local disk, or use PostgreSQL.", id="tugi.E014"))
    return found


def database(app_configs: Sequence[AppConfig] | None = None, **options: Any) -> list[CheckMessage]:
    """SQLite without its write-ahead race, and with every commit on the disk."""
    if not uses_sqlite():
        return _postgresql()
    found: list[CheckMessage] = []
    version = sqlite.linked_version()
    if version < sqlite.SAFE_VERSION:
        message = f"SQLite {'.'.join(map(str, version))} can lose what was committed."
        found.append(Error(message, hint="Install pysqlite3, or use PostgreSQL.", id="tugi.E015"))
    return [*found, *_database_file(Path(settings.DATABASES["default"]["NAME"]))]


def proxies(app_configs: Sequence[AppConfig] | None = None, **options: Any) -> list[CheckMessage]:
    """A desk open to a network should be reached by https."""
    config = settings.CONFIG
    if config.is_https or config.is_loopback:
        return []
    message = f"The desk listens on {config.host} without https: passwords and mails can be read on the way."
    hint = "Put a proxy with TLS before it and set TUGI_PUBLIC_URL to its https address."
    return [Warning(message, hint=hint, id="tugi.W016")]


def static_files(app_configs: Sequence[AppConfig] | None = None, **options: Any) -> list[CheckMessage]:
    """Fingerprinted files exist before anybody asks for a page."""
    hashed = settings.STORAGES["staticfiles"]["BACKEND"] == settings.HASHED_STATIC
    if not hashed or (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        return []
    hint = "Run bin/setup, or `tugi manage collectstatic --noinput`."
    return [Error("The static files were not collected.", hint=hint, id="tugi.E017")]


def uses_sqlite() -> bool:
    return "sqlite" in settings.DATABASES["default"]["ENGINE"]


def file_system(directory: Path) -> str:
    """The kind of file system that holds `directory`, as the kernel names it; empty if it does not."""
    try:
        mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    except OSError:
        return ""
    path = directory.resolve()
    holding = [(place, kind) for place, kind in mounts if path.is_relative_to(place)]
    return max(holding, key=lambda mount: len(mount[0]), default=("", ""))[1]


def _database_file(path: Path) -> Iterator[CheckMessage]:
    if not path.is_file():
        return
    if _is_open_to_others(path):
        message = f"The database {path} can be read by other users of this machine."
        yield Error(message, hint=f"chmod 600 {path}", id="tugi.E020")
    if not os.access(path, os.W_OK):
        message = f"Tugi cannot write its database {path}."
        yield Error(message, hint="Give the user that runs Tugi the right to write it.", id="tugi.E021")


def _postgresql() -> list[CheckMessage]:
    address = settings.DATABASES["default"]
    host = address["HOST"]
    local = not host or host.startswith("/") or host in {"localhost", "127.0.0.1", "::1"}
    if local or address["OPTIONS"].get("sslmode") in {"require", "verify-ca", "verify-full"}:
        return []
    hint = "Add ?sslmode=verify-full (or require) to DATABASE_URL."
    return [Warning(f"The way to the database on {host} may not be encrypted.", hint=hint, id="tugi.W018")]


def _key_files() -> Iterator[Path]:
    directory: Path = settings.KEYS.directory
    return (directory / name for name in keys.NAMES if (directory / name).exists())


def _is_open_to_others(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
