from __future__ import annotations

import shutil
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from tugi.core import doctor, probes
from tugi.core.doctor import Finding, amber, green, red

pytestmark = pytest.mark.django_db


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> dict[str, doctor.Probe]:
    """The probes of this test and no others."""
    registered: dict[str, doctor.Probe] = {}
    monkeypatch.setattr(doctor, "_probes", registered)
    monkeypatch.setattr(doctor, "autodiscover_modules", lambda name: None)
    return registered


def look() -> str:
    out = StringIO()
    call_command("doctor", stdout=out, no_color=True)
    return out.getvalue()


def test_green_and_amber_end_well(only: dict[str, doctor.Probe]) -> None:
    only["one"] = lambda: [green("fine"), amber("hm", "watch it")]

    assert look().splitlines() == ["✓ one           fine", "! one           hm", f"{'':16}→ watch it"]


@pytest.mark.parametrize("is_empty_file", [False, True])
def test_where_no_desk_was_ever_started_that_is_all_it_says(
    only: dict[str, doctor.Probe], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_empty_file: bool
) -> None:
    only["one"] = lambda: [red("broken", "mend it")]
    file = tmp_path / "tugi.sqlite3"
    if is_empty_file:
        file.touch()
    monkeypatch.setitem(connection.settings_dict, "ENGINE", "tugi.core.sqlite_in_turn")
    monkeypatch.setitem(connection.settings_dict, "NAME", str(file))

    with pytest.raises(CommandError, match=r"There is no desk in .* TUGI_DATA=data-demo") as ended:
        look()

    assert ended.value.returncode == 1


def test_one_thing_is_counted_as_one() -> None:
    assert [doctor.counted(count, "mail") for count in (0, 1, 2)] == ["0 mails", "1 mail", "2 mails"]


def test_red_ends_with_an_error(only: dict[str, doctor.Probe]) -> None:
    only["one"] = lambda: [red("broken", "mend it")]

    with pytest.raises(CommandError) as ended:
        look()

    assert ended.value.returncode == 1


def test_a_probe_that_fails_is_red_and_does_not_hide_the_others(only: dict[str, doctor.Probe]) -> None:
    def failing() -> Iterator[Finding]:
        raise OSError("no such thing")

    only.update(a=failing, b=lambda: [green("fine")])

    assert [(name, finding.state) for name, finding in doctor.examine()] == [("a", "red"), ("b", "green")]


@pytest.mark.parametrize(
    ("percent", "state"), [(10, "green"), (59, "green"), (60, "amber"), (75, "amber"), (90, "red"), (100, "red")]
)
def test_the_disk_is_watched_before_it_is_full(percent: int, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = SimpleNamespace(total=1000, free=1000 - percent * 10)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)

    assert [finding.state for finding in probes.disk()] == [state]


def test_the_database_is_looked_at() -> None:
    texts = [finding.text for finding in probes.database()]

    assert "All migrations are applied." in texts


def test_a_database_of_a_newer_version_is_red() -> None:
    MigrationRecorder(connection).record_applied("tickets", "9999_from_the_future")

    found = list(probes.database())

    assert any(finding.state == "red" and "tickets.9999_from_the_future" in finding.text for finding in found)
    assert "All migrations are applied." not in [finding.text for finding in found]
