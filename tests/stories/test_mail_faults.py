"""Mail and misfortune: processes that die, servers that fail, mails that are not as they should be."""

from __future__ import annotations

import json
import shutil
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.servers.processes import folder, free_port, is_open, wait_until
from tests.servers.tugi_server import CHECKOUT, TugiServer, prepare
from tugi.channels.email.testing import SUPPORT, mail

SENT = mail("The printer is on fire.", message_id="<crash@dora.example>")


@pytest.fixture(scope="module")
def ground() -> Iterator[Path]:
    """A data directory with a database, keys and one mailbox, to be copied."""
    with folder("tugi-ground") as home:
        server = prepare(home)
        assert server.command("migrate").returncode == 0
        run(server, "prepare")
        yield server.data_dir


@pytest.fixture
def server(ground: Path) -> Iterator[TugiServer]:
    with folder("tugi-crash") as home:
        made = prepare(home)
        shutil.copytree(ground, made.data_dir)
        yield made


@pytest.mark.parametrize("point", ["before-store", "after-store", "after-commit"])
def test_a_listener_killed_at_any_point_loses_nothing_and_doubles_nothing(server: TugiServer, point: str) -> None:
    with listening(server, point) as port, pytest.raises((smtplib.SMTPException, OSError)):
        deliver(port)
    # No 250 was heard, so the sender comes again, as RFC 5321 has it.
    with listening(server, "none") as port:
        deliver(port)
        deliver(port)
    assert told(server, "read") == {"raw": 1, "done": 1, "tickets": 1, "messages": 1}


@pytest.mark.parametrize("point", ["before-outcome", "in-transaction", "after-reading"])
def test_a_reader_killed_at_any_point_leaves_one_whole_ticket(server: TugiServer, point: str) -> None:
    with listening(server, "none") as port:
        deliver(port)
    assert run(server, "read", point, expect=-9) == b""
    between = told(server)
    assert (between["tickets"], between["messages"], between["done"]) in {(0, 0, 0), (1, 1, 1)}
    assert told(server, "read") == {"raw": 1, "done": 1, "tickets": 1, "messages": 1}


def test_two_readers_at_once_make_each_mail_one_ticket(server: TugiServer) -> None:
    with listening(server, "none") as port, smtplib.SMTP("127.0.0.1", port) as line:
        for number in range(20):
            line.sendmail("dora@dora.example", [SUPPORT], mail(f"Question number {number} of twenty."))
    readers = [start(server, "read", "none") for _ in range(2)]
    assert [reader.wait(120) for reader in readers] == [0, 0]
    assert told(server) == {"raw": 20, "done": 20, "tickets": 20, "messages": 20}


def test_the_pipe_keeps_a_mail_and_says_how_it_went(server: TugiServer) -> None:
    words = ("mail", "receive", "--mailbox")
    assert server.command(*words, SUPPORT, input=SENT).returncode == 0
    assert server.command(*words, SUPPORT, input=SENT).returncode == 0
    unknown = server.command(*words, "nobody@acme.example", input=SENT)
    assert (unknown.returncode, b"no mailbox nobody@acme.example" in unknown.stderr) == (67, True)
    assert server.command(*words, SUPPORT, input=b"").returncode == 75, "the mail server broke off"
    assert server.command("mail", "receive", "--mailboks", SUPPORT, input=SENT).returncode == 75, "we mistyped"
    shutil.rmtree(server.data_dir / "blobs", ignore_errors=True)
    (server.data_dir / "blobs").write_text("a file where the store should be")
    full = server.command(*words, SUPPORT, input=mail("Another one, while the store is broken."))
    assert full.returncode == 75
    assert told(server)["raw"] == 1


def deliver(port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as line:
        line.sendmail("dora@dora.example", [SUPPORT], SENT)


@contextmanager
def listening(server: TugiServer, point: str) -> Iterator[int]:
    port = free_port()
    process = start(server, "listen", point, str(port))
    try:
        wait_until(lambda: is_open(port), "the listener", 60)
        yield port
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait()


def start(server: TugiServer, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.stories.crashing_child", *words],
        env=server.environment,
        cwd=CHECKOUT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def run(server: TugiServer, job: str, point: str = "none", *, expect: int = 0) -> bytes:
    command = [sys.executable, "-m", "tests.stories.crashing_child", job, point]
    done = subprocess.run(command, env=server.environment, cwd=CHECKOUT, capture_output=True, timeout=120, check=False)
    assert done.returncode == expect, done.stderr.decode()
    return done.stdout


def told(server: TugiServer, job: str = "tell") -> dict[str, int]:
    """What is in the database; "read" takes in all that waits first."""
    counts: dict[str, int] = json.loads(run(server, job))
    return counts
