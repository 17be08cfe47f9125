"""Writers of one SQLite file queue: in order, across processes, and past those who died."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
from django.apps import apps
from django.db import IntegrityError, OperationalError, connection, transaction

from tugi.core.models import Counter
from tugi.core.sqlite_in_turn import base
from tugi.core.sqlite_in_turn.turns import Turns, turns_of

OTHER = """
import sys, time
from pathlib import Path
from tugi.core.sqlite_in_turn.turns import Turns
turns = Turns(Path(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    turns.take(20)
    print("taken", flush=True)
    time.sleep(float(sys.argv[3]))
    if sys.argv[4] == "dies":
        import os; os._exit(1)
    turns.give_back()
"""


def other_process(path: Path, times: int, seconds: float, how: str = "goes on") -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", OTHER, str(path), str(times), str(seconds), how]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout
    process.stdout.readline()
    return process


def test_threads_write_in_the_order_they_came(tmp_path: Path) -> None:
    turns, served = Turns(tmp_path / "x"), list[int]()

    def write(number: int) -> None:
        turns.take(5)
        served.append(number)
        turns.give_back()

    turns.take(5)
    threads = [threading.Thread(target=write, args=(number,)) for number in range(5)]
    for number, thread in enumerate(threads):
        thread.start()
        while len(turns._waiting) <= number:
            time.sleep(0.001)
    turns.give_back()
    for thread in threads:
        thread.join()

    assert served == [0, 1, 2, 3, 4]


def test_threads_that_ask_at_once_get_one_queue(tmp_path: Path) -> None:
    found, together = list[Turns](), threading.Barrier(8)

    def ask() -> None:
        together.wait()
        found.append(turns_of(tmp_path / "x"))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(found)) == 1


def test_a_process_that_writes_all_the_time_lets_others_in_between(tmp_path: Path) -> None:
    with other_process(tmp_path / "x", 400, 0.01) as busy:
        turns = Turns(tmp_path / "x")
        for _ in range(5):
            turns.take(20)
            turns.give_back()
        is_still_busy = busy.poll() is None
        busy.kill()
        assert busy.stdout
        busy.stdout.read()

    assert is_still_busy


def test_the_turn_of_a_dead_process_is_free(tmp_path: Path) -> None:
    with other_process(tmp_path / "x", 1, 0, "dies"):
        turns = Turns(tmp_path / "x")
        turns.take(5)
        turns.give_back()


def test_who_waits_too_long_gives_up_and_the_line_goes_on(tmp_path: Path) -> None:
    turns, elsewhere = Turns(tmp_path / "x"), Turns(tmp_path / "x")
    turns.take(1)

    with pytest.raises(TimeoutError):
        elsewhere.take(0.05)
    with pytest.raises(TimeoutError):
        turns.take(0.05)

    turns.give_back()
    elsewhere.take(1)
    elsewhere.give_back()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has many writers")
class TestBackend:
    def has_turn(self) -> bool:
        return connection.turns is not None  # type: ignore[attr-defined]

    def test_a_transaction_has_the_turn_until_its_end(self) -> None:
        with transaction.atomic():
            assert self.has_turn()
        assert not self.has_turn()

    def test_a_transaction_that_fails_gives_it_back(self) -> None:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            _ = 1 / 0
        assert not self.has_turn()

    def test_a_statement_alone_takes_its_turn_and_reading_takes_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(base, "PATIENCE", 0.05)
        assert isinstance(connection.settings_dict["NAME"], str | Path)
        elsewhere = Turns(Path(connection.settings_dict["NAME"]))
        elsewhere.take(1)
        try:
            assert Counter.objects.count() == Counter.objects.count()
            with pytest.raises(OperationalError, match="locked"):
                Counter.objects.filter(name="x").update(value=1)
            with pytest.raises(OperationalError, match="locked"), transaction.atomic():
                pass
        finally:
            elsewhere.give_back()
        Counter.objects.filter(name="x").update(value=1)
        assert not self.has_turn()

    def test_a_closed_connection_lets_go(self) -> None:
        connection.set_autocommit(True)
        connection.cursor().execute("BEGIN IMMEDIATE")
        connection.close()
        assert not self.has_turn()


@pytest.mark.django_db(transaction=True)
def test_a_migration_checks_the_keys_of_the_tables_it_wrote_anew() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite only")
    asked: list[str] = []
    with (
        patch.object(base.Cursor, "execute", _noting(asked)),
        connection.schema_editor() as editor,
    ):
        editor._remake_table(Counter)  # type: ignore[attr-defined]

    assert [query for query in asked if "foreign_key_check" in query] == ['PRAGMA foreign_key_check("core_counter")']


@pytest.mark.django_db(transaction=True)
def test_a_key_that_a_migration_broke_is_found() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite only")
    with pytest.raises(IntegrityError), connection.schema_editor() as editor:
        editor.execute("INSERT INTO people_rolegrant (agent_id, role_id) VALUES (10, 10)")
        editor._remake_table(apps.get_model("people", "RoleGrant"))  # type: ignore[attr-defined]

    assert not connection.in_atomic_block
    assert not apps.get_model("people", "RoleGrant").objects.exists()


def _noting(asked: list[str]) -> Callable[..., object]:
    execute = base.Cursor.execute

    def note(cursor: base.Cursor, query: str, params: object = None) -> object:
        asked.append(query)
        return execute(cursor, query, params)

    return note
