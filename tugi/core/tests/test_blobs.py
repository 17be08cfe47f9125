from __future__ import annotations

import hashlib
import os
import stat
from io import BytesIO
from pathlib import Path

import pytest
from pytest_django import Settings

from tugi.core import blobs


@pytest.fixture(autouse=True)
def _own_store(settings: Settings, tmp_path: Path) -> None:
    options = settings.STORAGES["blobs"]["OPTIONS"] | {"location": str(tmp_path)}
    settings.STORAGES = settings.STORAGES | {"blobs": settings.STORAGES["blobs"] | {"OPTIONS": options}}


def test_bytes_are_kept_under_their_hash() -> None:
    ref = blobs.put(b"a mail")

    assert ref == blobs.BlobRef(hashlib.sha256(b"a mail").hexdigest(), 6)
    assert blobs.read(ref.sha256) == b"a mail"
    assert blobs.size(ref.sha256) == 6
    assert blobs.exists(ref.sha256)


def test_a_stream_is_taken_in_pieces() -> None:
    ref = blobs.put(BytesIO(b"x" * 700_000))

    with blobs.open(ref.sha256) as stream:
        assert stream.read(3) == b"xxx"
    assert ref.size == 700_000


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    first = blobs.put(b"twice")

    assert blobs.put(b"twice") == first
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_only_the_owner_can_read_it() -> None:
    path = blobs.path(blobs.put(b"secret").sha256)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_stream_beyond_the_limit_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(blobs.TooLarge):
        blobs.put(BytesIO(b"x" * 101), limit=100)

    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_file_and_folder_are_synced_before_it_returns(monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append("file"))
    monkeypatch.setattr(blobs, "sync_directory", lambda folder: synced.append(folder.name))

    ref = blobs.put(b"to be synced")

    assert synced[-2:] == [ref.sha256[:2], ref.sha256[2:4]]
    assert synced.index("file") < len(synced) - 1


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "/../x"])
def test_only_a_hash_names_a_blob(name: str) -> None:
    with pytest.raises(FileNotFoundError):
        blobs.open(name)


def test_a_name_whose_folder_could_not_be_synced_is_not_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    ref = blobs.put(b"a mail")
    blobs.delete(ref.sha256)

    def fail(directory: Path) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(blobs, "sync_directory", fail)
    with pytest.raises(OSError, match="Input/output"):
        blobs.put(b"a mail")

    assert not blobs.exists(ref.sha256)


def test_a_missing_blob_says_so() -> None:
    assert not blobs.exists("0" * 64)
    with pytest.raises(FileNotFoundError):
        blobs.read("0" * 64)


def test_a_deleted_blob_is_gone() -> None:
    ref = blobs.put(b"gone soon")

    blobs.delete(ref.sha256)

    assert not blobs.exists(ref.sha256)
