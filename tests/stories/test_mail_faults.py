"""Mail and misfortune: processes that die, servers that fail, mails that are not as they should be."""

from __future__ import annotations

import json
import random
import re
import shutil
import smtplib
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.servers.processes import folder, free_port, is_open, program, wait_until
from tests.servers.tugi_server import CHECKOUT, TugiServer, prepare
from tugi.channels.email.testing import SUPPORT, mail

pytestmark = pytest.mark.once  # its desks have SQLite, whatever the suite runs on
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


def test_a_listener_killed_again_and_again_loses_nothing_it_took_and_doubles_nothing(server: TugiServer) -> None:
    """R02: the sender keeps what it heard no 250 for, and comes again."""
    chance = random.Random(41)  # noqa: S311
    waiting = [mail(f"Question number {number} of twenty.") for number in range(20)]
    taken: list[bytes] = []
    for _round in range(2):
        with listening(server, "none") as port:
            killer = threading.Timer(chance.uniform(0.03, 0.2), kill, [server])
            killer.start()
            with suppress(smtplib.SMTPException, OSError):
                send_all(port, waiting, taken)
            killer.join()
    assert told(server)["raw"] >= len(taken)
    with listening(server, "none") as port:
        send_all(port, waiting, taken)
    assert told(server, "read") == {"raw": 20, "done": 20, "tickets": 20, "messages": 20}


@pytest.mark.skipif(not program("strace"), reason="strace is not there")
def test_bytes_folder_and_database_are_synced_before_each_acknowledgement(server: TugiServer) -> None:
    """R04, by what the kernel saw."""
    trace = server.data_dir / "trace"
    calls = "trace=fsync,fdatasync,rename,renameat,renameat2,sendto"
    with listening(server, "none", "strace", "-f", "-y", "-s", "40", "-o", str(trace), "-e", calls) as port:
        send_all(port, [mail(f"Question number {number}.") for number in range(20)], [])
    seen = steps(trace)
    draft, named, folded, stored, said = "sync drafts", "rename", "sync folder", "sync database", "250 2.0.0 Kept"
    assert seen.count(said) == 20
    for before in "\n".join(seen).split(said)[:20]:
        order = [before.rfind(step) for step in (draft, named, folded, stored)]
        assert order == sorted(order) and -1 not in order, before


@pytest.mark.skipif(not program("strace"), reason="strace is not there")
def test_a_disk_that_cannot_sync_means_no_acknowledgement(server: TugiServer) -> None:
    """R13: each thread's first four syncs fail."""
    faults = [f"inject={call}:error=EIO:when=1..4" for call in ("fsync", "fdatasync")]
    with listening(server, "none", "strace", "-f", "-o", "/dev/null", "-e", faults[0], "-e", faults[1]) as port:
        with pytest.raises(smtplib.SMTPDataError, match="451"):
            deliver(port)
        assert told(server)["raw"] == 0
        wait_until(lambda: is_delivered(port), "the disk", 60)
    with listening(server, "none") as port:
        deliver(port)
    assert told(server, "read") == {"raw": 1, "done": 1, "tickets": 1, "messages": 1}


def test_a_full_disk_puts_mail_off_and_heals_by_itself(ground: Path) -> None:
    """R12, on a disk of twelve megabytes."""
    with small_disk() as disk:
        server = prepare(disk)
        shutil.copytree(ground, server.data_dir)
        large = mail("A line of a large mail.\n" * 60_000)
        with listening(server, "none") as port:
            deliver(port)
            filler = fill(disk, leave=400_000)
            with pytest.raises(smtplib.SMTPDataError, match="452"):
                deliver(port, large)
            fill(disk, leave=0)
            for _try in range(3):
                with pytest.raises((smtplib.SMTPDataError, smtplib.SMTPRecipientsRefused), match=r"45[12]"):
                    deliver(port, mail("A small one, while there is no room at all."))
            for file in filler.parent.glob("filler*"):
                file.unlink()
            deliver(port, large)
            deliver(port, mail("A small one, when there is room again."))
        assert told(server)["raw"] == 3
        assert list((server.data_dir / "blobs" / "drafts").iterdir()) == []


@contextmanager
def small_disk() -> Iterator[Path]:
    with folder("tugi-disk") as place:
        command = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(place)]
        made = subprocess.run(command, capture_output=True, check=False)
        if made.returncode:
            pytest.skip("no disk of its own can be made here")
        try:
            yield place
        finally:
            subprocess.run(["umount", "--lazy", place], check=True)


def fill(disk: Path, leave: int) -> Path:
    """Take the room on the disk but for so many bytes."""
    free = shutil.disk_usage(disk).free
    filler = disk / f"filler{leave}"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        for _page in range((free - leave) // 4096):
            file.write(bytes(4096))
    return filler


def send_all(port: int, waiting: list[bytes], taken: list[bytes]) -> None:
    """Deliver what waits; what was acknowledged goes over to `taken`."""
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as line:
        while waiting:
            line.sendmail("dora@dora.example", [SUPPORT], waiting[0])
            taken.append(waiting.pop(0))


def steps(trace: Path) -> list[str]:
    """What the trace says was finished, in order; a call that another thread interrupted counts where it ended."""
    begun: dict[str, str] = {}
    found = []
    for line in trace.read_text(errors="replace").splitlines():
        thread, _, call = line.partition(" ")
        if call.endswith("<unfinished ...>"):
            begun[thread] = call
            continue
        if " resumed>" in call:
            call = begun.pop(thread, "") + call
        found.append(step_of(call.strip()))
    return [each for each in found if each]


def step_of(call: str) -> str:
    if call.startswith("sendto"):
        return "250 2.0.0 Kept" if "250 2.0.0 Kept" in call else ""
    if not call.endswith(" = 0"):
        return ""
    if call.startswith("rename"):
        return "rename"
    if "/drafts/" in call:
        return "sync drafts"
    if re.search(r"/blobs/../..>", call):
        return "sync folder"
    return "sync database" if "sqlite3-wal" in call else ""


def kill(server: TugiServer) -> None:
    assert server.process
    server.process.kill()


def deliver(port: int, raw: bytes = SENT) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as line:
        line.sendmail("dora@dora.example", [SUPPORT], raw)


def is_delivered(port: int) -> bool:
    with suppress(smtplib.SMTPDataError):
        deliver(port)
        return True
    return False


@contextmanager
def listening(server: TugiServer, point: str, *below: str) -> Iterator[int]:
    """Our listener as a process, below another program such as strace; killed at the end."""
    port = free_port()
    process = server.process = start(server, "listen", point, str(port), below=below)
    try:
        wait_until(lambda: is_open(port), "the listener", 60)
        yield port
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait()


def start(server: TugiServer, *words: str, below: tuple[str, ...] = ()) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*below, sys.executable, "-m", "tests.stories.crashing_child", *words],
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
