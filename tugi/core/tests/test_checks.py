from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.checks import CheckMessage
from pytest_django import Settings

from tugi.core import checks, sqlite
from tugi.core.environment import Problem
from tugi.core.keys import Keys, prepare


def ids(messages: list[CheckMessage]) -> list[str | None]:
    assert all(message.hint for message in messages)
    return [message.id for message in messages]


def test_what_the_readers_found_is_shown(settings: Settings) -> None:
    problem, slip = Problem("tugi.E001", "wrong", "do this"), Problem("tugi.W001", "unknown", "did you mean")
    settings.CONFIG = replace(settings.CONFIG, problems=(problem,), warnings=(slip,))

    assert ids(checks.configuration()) == ["tugi.E001", "tugi.W001"]


def test_no_keys_yet_is_a_warning(settings: Settings, tmp_path: Path) -> None:
    settings.KEYS = Keys(tmp_path)

    assert ids(checks.secrets()) == ["tugi.W010"]


def test_a_key_that_others_can_read_is_an_error(settings: Settings, tmp_path: Path) -> None:
    prepare(tmp_path, Keys(tmp_path))
    (tmp_path / "secret_key").chmod(0o644)
    settings.KEYS = replace(settings.KEYS, directory=tmp_path)

    assert ids(checks.secrets()) == ["tugi.E011"]


def test_an_open_data_directory_is_an_error(settings: Settings, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    settings.DATA_DIR = tmp_path

    assert ids(checks.data_directory()) == ["tugi.E013"]


def test_sqlite_on_a_network_is_an_error(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o700)
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(checks, "uses_sqlite", lambda: True)
    monkeypatch.setattr(checks, "file_system", lambda directory: "nfs4")

    assert ids(checks.data_directory()) == ["tugi.E014"]


def test_a_data_directory_that_cannot_be_written_is_an_error(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o700)
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(os, "access", lambda path, mode: False)

    assert ids(checks.data_directory()) == ["tugi.E019"]


def test_a_database_file_that_others_can_read_is_an_error(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "tugi.sqlite3"
    file.touch(mode=0o600)
    monkeypatch.setattr(checks, "settings", SimpleNamespace(DATABASES={"default": {"ENGINE": "sqlite", "NAME": file}}))

    assert ids(checks.database()) == []
    file.chmod(0o644)
    assert ids(checks.database()) == ["tugi.E020"]


def test_an_old_sqlite_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    here = SimpleNamespace(DATABASES={"default": {"ENGINE": "sqlite", "NAME": "/nowhere"}})
    monkeypatch.setattr(checks, "settings", here)
    monkeypatch.setattr(sqlite, "linked_version", lambda: (3, 51, 2))

    assert ids(checks.database()) == ["tugi.E015"]


def test_a_way_to_a_far_database_without_tls_is_warned_of(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "uses_sqlite", lambda: False)
    far = {"HOST": "db.example", "ENGINE": "postgresql", "OPTIONS": {}}
    monkeypatch.setattr(checks, "settings", SimpleNamespace(DATABASES={"default": far}))

    assert ids(checks.database()) == ["tugi.W018"]


def test_a_desk_open_to_a_network_without_https_is_warned_of(settings: Settings) -> None:
    settings.CONFIG = replace(settings.CONFIG, host="192.0.2.1")

    assert ids(checks.proxies()) == ["tugi.W016"]


def test_missing_static_files_are_an_error(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": settings.HASHED_STATIC}}

    assert ids(checks.static_files()) == ["tugi.E017"]


def test_the_kernel_names_the_file_system() -> None:
    assert checks.file_system(Path("/proc/self")) == "proc"
