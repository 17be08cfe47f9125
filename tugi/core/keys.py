"""The installation's own secrets: made on the first start, kept in files only their owner can read.

A file holds one key a line. The first line is in use, the rest are older ones that still open what
they closed: to rotate, put a new line on top.

| name             | for                                              |
|------------------|--------------------------------------------------|
| `secret_key`     | Django's signatures: sessions, forms              |
| `encryption_key` | secrets at rest, through `tugi.core.crypto`       |
| `signing_key`    | links and addresses that must live for years      |
"""

from __future__ import annotations

import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

NAMES = ("secret_key", "encryption_key", "signing_key")
SHORTEST = 50
SAMPLE_WORDS = ("changeme", "change-me", "change_me", "insecure", "example", "secret-key", "your-")


@dataclass(frozen=True)
class Keys:
    """`directory` holds those files that the environment did not replace."""

    directory: Path
    secret_key: tuple[str, ...] = ()
    encryption_key: tuple[str, ...] = ()
    signing_key: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Keys(directory={str(self.directory)!r})"

    @property
    def are_complete(self) -> bool:
        return all(getattr(self, name) for name in NAMES)


def read(directory: Path, name: str) -> tuple[str, ...]:
    """The keys in that file, newest first; none where it does not exist. Raises OSError."""
    try:
        return tuple((directory / name).read_text().split())
    except FileNotFoundError:
        return ()


def complaint(key: str) -> str:
    """Why this key is not to be trusted, or nothing."""
    if len(key) < SHORTEST:
        return f"is too short: {len(key)} characters, where {SHORTEST} are the least."
    if len(set(key)) < 12 or any(word in key.lower() for word in SAMPLE_WORDS):
        return "is a sample that anybody can guess."
    return ""


def prepare(data_dir: Path, keys: Keys) -> None:
    """Make the data directory (0700) and every key that is missing (0600). Raises OSError."""
    make_private(data_dir)
    missing = [name for name in NAMES if not getattr(keys, name)]
    if not missing:
        return
    make_private(keys.directory)
    for name in missing:
        _write(keys.directory / name, secrets.token_urlsafe(64))


def make_private(directory: Path) -> None:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if directory.stat().st_mode & 0o077:
        directory.chmod(0o700)


def age_in_days(keys: Keys) -> float:
    """How long ago this desk was installed; a year where the keys came from outside."""
    try:
        return (time.time() - (keys.directory / "secret_key").stat().st_mtime) / 86400
    except OSError:
        return 365.0


def _write(path: Path, key: str) -> None:
    # Linked into place when whole: of two first starts at once one wins, and both then read its key.
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(key + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Make a new name in `directory` survive a power cut."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
