"""Bytes kept under their own hash: raw mails, attachments. Written once, never changed.

`put` returns only when a power cut can no longer take the bytes away: file and folder are synced
first. Whoever acknowledges something to the outside (SMTP 250, an IMAP cursor) calls `put` before.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, BinaryIO, Protocol, cast

from django.core.files.storage import FileSystemStorage, storages

from tugi.core.keys import sync_directory

CHUNK = 256 * 1024
SHA256_TEXT = re.compile(r"[0-9a-f]{64}")


class TooLarge(Exception):
    """The stream went on beyond the limit; nothing was kept."""


class Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True)
class BlobRef:
    """`sha256` in hex names the bytes for ever."""

    sha256: str
    size: int


def put(source: bytes | Readable, limit: int | None = None) -> BlobRef:
    """Keep these bytes durably; the same bytes are kept once. Raises TooLarge, OSError."""
    return store().put(BytesIO(source) if isinstance(source, bytes) else source, limit)


def drafts() -> Path:
    """A private folder on the disk of the bytes, for files that are not whole yet. Raises OSError."""
    return store().drafts()


def open(sha256: str) -> BinaryIO:  # noqa: A001 - read as blobs.open(…)
    """A stream of the bytes. Raises FileNotFoundError."""
    return cast(BinaryIO, store().open(name(sha256), "rb"))


def read(sha256: str) -> bytes:
    """All the bytes at once: for what is known to be small. Raises FileNotFoundError."""
    with open(sha256) as stream:
        return stream.read()


def exists(sha256: str) -> bool:
    return store().exists(name(sha256))


def size(sha256: str) -> int:
    """Raises FileNotFoundError."""
    return store().size(name(sha256))


def path(sha256: str) -> Path:
    """Where the file is, for a server that sends files itself. Only the file store has paths."""
    return Path(store().path(name(sha256)))


def delete(sha256: str) -> None:
    """Remove the bytes from the disk. The caller knows that no row needs them. Raises OSError."""
    store().delete(name(sha256))


def name(sha256: str) -> str:
    """Two levels of folders, so that none grows large."""
    if not SHA256_TEXT.fullmatch(sha256):
        raise FileNotFoundError(f"{sha256[:80]!r} names no blob.")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def store() -> BlobStorage:
    return cast(BlobStorage, storages["blobs"])


class BlobStorage(FileSystemStorage):
    """The store in a folder. Another store (S3) is a subclass of Django's storage with this `put`."""

    def drafts(self) -> Path:
        folder = Path(self.base_location) / "drafts"
        make_folders(folder)
        return folder

    def put(self, source: Readable, limit: int | None) -> BlobRef:
        descriptor, draft_name = tempfile.mkstemp(dir=self.drafts())
        draft = Path(draft_name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                ref = _copy(source, file, limit)
                file.flush()
                os.fsync(file.fileno())
            self._adopt(draft, Path(self.path(name(ref.sha256))))
        finally:
            draft.unlink(missing_ok=True)
        return ref

    def _adopt(self, draft: Path, final: Path) -> None:
        make_folders(final.parent)
        if final.exists():
            # Touched, so that a sweep of forgotten blobs sees that it is wanted again.
            os.utime(final)
        else:
            draft.rename(final)
        # Also for one that was there: its writer may not have synced the folder yet.
        try:
            sync_directory(final.parent)
        except OSError:
            # The kernel tells of a failed sync once: a name left here would be taken for a durable one next time.
            final.unlink(missing_ok=True)
            raise

    def delete(self, name: str) -> None:
        Path(self.path(name)).unlink(missing_ok=True)


def make_folders(folder: Path) -> None:
    """`folder` and what leads to it, private and durable."""
    if folder.is_dir():
        return
    make_folders(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_directory(folder.parent)


def chunks(source: Readable) -> Iterator[bytes]:
    while chunk := source.read(CHUNK):
        yield chunk


def _copy(source: Readable, target: IO[bytes], limit: int | None) -> BlobRef:
    digest, total = hashlib.sha256(), 0
    for chunk in chunks(source):
        total += len(chunk)
        if limit is not None and total > limit:
            raise TooLarge(f"More than {limit} bytes.")
        digest.update(chunk)
        target.write(chunk)
    return BlobRef(digest.hexdigest(), total)
