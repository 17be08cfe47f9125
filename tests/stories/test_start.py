"""How the desk starts, restarts, refuses and ends, as the person at the console meets it."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.servers import tugi_server as servers
from tests.servers.postgresql import new_database
from tests.servers.processes import folder, wait_until
from tests.servers.tugi_server import TugiServer, prepare, started

pytestmark = pytest.mark.once


@pytest.fixture
def desk() -> Iterator[TugiServer]:
    """Not yet started."""
    with folder("tugi-desk") as home:
        yield prepare(home)


def refused(desk: TugiServer, *arguments: str) -> str:
    """What `tugi serve` says when it does not start."""
    done = desk.command("serve", *arguments)
    assert done.returncode == 2, done.stdout + done.stderr
    text = done.stderr.decode()
    assert "Traceback" not in text
    return text


def children_of(process: int) -> dict[str, int]:
    """Process ids of the supervisor's children by their command."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(process)], capture_output=True, text=True, check=False
    )
    pairs = re.findall(r"^\s*(\d+) .*-m tugi (web|worker)", listed.stdout, re.MULTILINE)
    return {name: int(pid) for pid, name in pairs}


def test_a_first_start_makes_everything_and_prints_the_way_in(desk: TugiServer) -> None:
    with started(desk):
        wait_until(lambda: "/setup/" in desk.log(), "the set-up link")

        assert f"Tugi answers at {desk.url}" in desk.log()
        assert {path.name for path in (desk.data_dir / "keys").iterdir()} == {
            "secret_key",
            "encryption_key",
            "signing_key",
        }
        assert (desk.data_dir / "tugi.sqlite3").stat().st_mode & 0o077 == 0
        assert desk.data_dir.stat().st_mode & 0o077 == 0


def test_a_second_start_is_warm_and_ctrl_c_ends_it_cleanly(desk: TugiServer) -> None:
    with started(desk):
        pass
    began = time.monotonic()
    with started(desk):
        warm = time.monotonic() - began
        wait_until(lambda: len(children_of(desk.process.pid if desk.process else 0)) == 2, "web and worker")
        ended_at = time.monotonic()
        code = desk.stop(signal.SIGINT)

    assert code == 0
    assert time.monotonic() - ended_at < 5
    # The budget is 3 s on a machine with nothing else to do; here tests run side by side.
    assert warm < 10
    assert "Traceback" not in desk.log()


def test_a_killed_child_is_started_again(desk: TugiServer) -> None:
    with started(desk):
        assert desk.process
        supervisor = desk.process.pid
        wait_until(lambda: "Tugi answers" in desk.log(), "the announcement")
        wait_until(lambda: len(children_of(supervisor)) == 2, "web and worker")
        before = children_of(supervisor)
        for pid in before.values():
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: len(children_of(supervisor)) == 2 and children_of(supervisor) != before, "both again", 30)
        wait_until(lambda: servers.answers(desk.url), "the web process", 30)

        assert "starts again" in desk.log()


def test_children_end_when_the_supervisor_is_killed(desk: TugiServer) -> None:
    with started(desk):
        assert desk.process
        wait_until(lambda: len(children_of(desk.process.pid if desk.process else 0)) == 2, "web and worker")
        children = children_of(desk.process.pid)
        desk.process.kill()
        desk.process.wait()

        wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children.values()), "their end")


def test_a_taken_port_is_said_with_the_way_out(desk: TugiServer) -> None:
    with socket.create_server(("127.0.0.1", desk.port)):
        text = refused(desk)

    assert f"127.0.0.1:{desk.port}" in text
    assert "TUGI_PORT" in text


def test_a_taken_mail_port_is_said_with_the_way_out(desk: TugiServer) -> None:
    with socket.create_server(("127.0.0.1", desk.smtp_port)):
        text = refused(desk)

    assert "TUGI_SMTP_LISTEN" in text


def test_two_desks_do_not_share_a_data_directory(desk: TugiServer) -> None:
    with started(desk):
        assert "already runs" in refused(desk)


def test_a_data_directory_that_cannot_be_written_is_said(desk: TugiServer) -> None:
    desk.environment["TUGI_DATA"] = "/proc/tugi"

    assert "cannot write its data directory /proc/tugi" in refused(desk)


def test_a_database_of_a_newer_tugi_is_left_alone(desk: TugiServer) -> None:
    assert desk.command("migrate").returncode == 0
    with sqlite3.connect(desk.data_dir / "tugi.sqlite3") as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('tickets', '9999_from_the_future', '2030-01-01')"
        )

    text = refused(desk)

    assert "newer Tugi" in text
    assert "tickets.9999_from_the_future" in text


def test_a_file_that_is_no_database_is_said(desk: TugiServer) -> None:
    assert desk.command("migrate").returncode == 0
    (desk.data_dir / "tugi.sqlite3").write_bytes(b"not a database at all" * 500)

    assert "file is not a database" in refused(desk)


def test_an_unreachable_postgresql_is_said_in_its_own_words(desk: TugiServer) -> None:
    desk.environment["DATABASE_URL"] = "postgres://tugi:hunter2@127.0.0.1:1/desk"

    text = refused(desk)

    assert "refused" in text
    assert "DATABASE_URL" in text
    assert "hunter2" not in text


def test_every_wrong_setting_is_said_at_once(desk: TugiServer) -> None:
    desk.environment.update(TUGI_UNDO_SECONDS="soon", TUGI_ALLOWED_HOSTS="*")

    text = refused(desk)

    assert "tugi.E001" in text
    assert "tugi.E003" in text


def test_an_old_sqlite_is_refused(desk: TugiServer) -> None:
    program = (
        "import sys, tugi.core.sqlite as s; s.linked_version = lambda: (3, 40, 1);"
        "from tugi.cli import main; sys.exit(main(['serve']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=desk.environment,
        cwd=servers.CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "found 3.40.1" in done.stderr


def test_web_alone_wants_a_migrated_database(desk: TugiServer) -> None:
    desk.data_dir.mkdir(mode=0o700)
    database = desk.data_dir / "tugi.sqlite3"
    with closing(sqlite3.connect(database)) as opened:
        opened.execute("CREATE TABLE of_an_older_version (id integer)")
    database.chmod(0o600)

    done = desk.command("web")

    assert done.returncode == 2
    assert b"tugi migrate" in done.stderr


def test_the_doctor_is_green_while_the_desk_runs_and_red_without_a_worker(desk: TugiServer) -> None:
    with started(desk):
        wait_until(lambda: desk.command("doctor").returncode == 0, "a green doctor", 40)
    done = desk.command("doctor")

    assert done.returncode == 1
    assert "No worker runs" in done.stdout.decode()


def test_a_desk_starts_on_postgresql(postgres_server: str) -> None:
    with servers.tugi_server(new_database(postgres_server, "start")) as server:
        wait_until(lambda: "Tugi answers" in server.log(), "the announcement")

        assert not (server.data_dir / "tugi.sqlite3").exists()
