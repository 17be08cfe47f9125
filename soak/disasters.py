"""What befalls the desk from outside: lines, the database, the disk, poisoned mails, giants."""

from __future__ import annotations

import secrets
import smtplib
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import mkdtemp

from soak.deaths import PASSWORD, finish
from soak.desk import Desk
from soak.field import SKIPPED, Field, Ledger
from soak.nest import is_alive, wait_for_death
from soak.post import SUPPORT, Carriers, Letter, lay_into_folder, make_letters
from soak.proxy import SOUND, Fault, FaultProxy, fault_proxy
from soak.tracing import watch
from tests.servers.processes import wait_until

MB = 1024 * 1024
IMAP_FAULTS = {
    "slow": Fault(latency=0.05, rate=20_000),
    "cut in the greeting": Fault(cut_after=20),
    "torn in a mail": Fault(cut_after=3_000, reset=True),
    "silent": Fault(black_hole=True),
    "another program": Fault(greeting=b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    "overloaded": Fault(greeting=b"* BYE Too many connections\r\n"),
}
SMTP_FAULTS = {
    "slow": Fault(latency=0.05, rate=500),
    "cut in the greeting": Fault(cut_after=5),
    "torn after some answers": Fault(cut_after=150, reset=True),
    "silent": Fault(black_hole=True),
}
ANSWERS = ("451 4.3.0 later", "451 4.7.1 greylisted", "hang up", "452 4.2.2 full")


def lines(field: Field) -> Ledger:
    """R05, R14, R15: bad lines to the IMAP server and to the customers', which refuses, greylists and hangs up."""
    size, chance, user = field.size, Random(field.seed), f"soak{secrets.token_hex(3)}"
    field.dovecot.add_user(user, PASSWORD)
    letters = make_letters(size.mails // 4, chance, "L")
    with _customers(field) as (desk, customers), fault_proxy(field.dovecot.port) as imap:
        desk.nest.do("fetch_from", port=imap.port, user=user, password=PASSWORD)
        desk.sink.answers = [chance.choice(ANSWERS) for _ in range(len(letters) // 8)]
        hung_up = desk.sink.answers.count("hang up")
        faults = [*IMAP_FAULTS.items()]
        desk.hatch()
        for number, (name, fault) in enumerate(faults):
            share = letters[len(letters) * number // len(faults) : len(letters) * (number + 1) // len(faults)]
            imap.fault, customers.fault = fault, SMTP_FAULTS.get(name, [*SMTP_FAULTS.values()][number % 4])
            # Some were read by somebody before the desk saw them (R05).
            lay_into_folder(field.dovecot.port, user, PASSWORD, share, seen=len(share) // 3)
            time.sleep(min(size.away / 4, 5))
            if number == 2:
                _number_anew(field, user)
        imap.fault = customers.fault = SOUND
        carriers = Carriers(desk.smtp_port)
        finish(desk, carriers, len(letters), size.quiet)
        torn = imap.connections + customers.connections
        # A line that ends after the data leaves both sides in the dark, as a death does.
        ledger = desk.ledger([_to_support(each) for each in letters], in_doubt=hung_up + customers.connections)
        return ledger | {
            "connections": torn,
            "hung up after the data": hung_up,
            "UIDVALIDITYs": desk.nest.do("cursors"),
        }


def database(field: Field) -> Ledger:
    """R10: the database goes away while mail comes; customers' servers are told to come again."""
    size = field.size
    letters = make_letters(size.mails // 4, Random(field.seed), "D")
    with field.ground.desk() as desk:
        desk.hatch()
        carriers = Carriers(desk.smtp_port)
        carriers.hand_over(letters[: len(letters) // 2])
        time.sleep(1)
        with _database_away(field, desk):
            carriers.hand_over(letters[len(letters) // 2 :])
            time.sleep(size.away)
            acknowledged_meanwhile = _grows(lambda: len(carriers.acknowledged), 1.0)
        came_back = time.monotonic()
        wait_until(lambda: _grows(lambda: len(carriers.acknowledged), 0.2) > 0 or not carriers.left, "the desk", 60)
        well_after = round(time.monotonic() - came_back, 1)
        assert is_alive(desk.workers[0]), "the worker did not survive"
        finish(desk, carriers, 0, size.quiet)
        # What the two senders had handed over when the database went could not be written down.
        ledger = desk.ledger(letters, in_doubt=2)
        return ledger | {
            "seconds away": size.away,
            "acknowledged meanwhile": acknowledged_meanwhile,
            "well again after": well_after,
            "answers to senders": carriers.refusals,
            "not reached": [] if carriers.refusals or carriers.broken else ["no mail came meanwhile"],
        }


def disk(field: Field) -> Ledger:
    """R12: the disk under the data directory is full, then has room again."""
    letters = make_letters(field.size.mails // 4, Random(field.seed), "F")
    with _small_disk(64) as data:
        if data is None:
            return {SKIPPED: "no tmpfs can be mounted here"}
        with field.ground.desk(data_at=data) as desk:
            desk.hatch()
            carriers = Carriers(desk.smtp_port)
            carriers.hand_over(letters[: len(letters) // 2])
            assert carriers.wait(field.size.quiet)
            ballast = _fill(data)
            carriers.hand_over(letters[len(letters) // 2 :])
            wait_until(lambda: sum(carriers.refusals.values()) > 2, "the full disk", 60)
            refused = dict(carriers.refusals)
            ballast.unlink()
            finish(desk, carriers, 0, field.size.quiet)
            return desk.ledger(letters, in_doubt=2) | {
                "answers while full": refused,
                "not reached": [] if refused else ["full"],
            }


def syncs(field: Field) -> Ledger:
    """R13: the disk fails to sync; nothing is acknowledged until it does again."""
    letters = make_letters(max(field.size.mails // 40, 6), Random(field.seed), "E")
    with field.ground.desk() as desk:
        switch = desk.home / "no-sync"
        switch.touch()
        desk.hatch(sync_switch=str(switch))
        carriers = Carriers(desk.smtp_port)
        carriers.hand_over(letters)
        wait_until(lambda: sum(carriers.refusals.values()) > 3, "refusals", 60)
        false = len(carriers.acknowledged)
        switch.unlink()
        finish(desk, carriers, 0, field.size.quiet)
        return desk.ledger(letters) | {
            "answers while failing": carriers.refusals,
            "failed": [f"{false} acknowledged"] if false else [],
        }


def poison(field: Field) -> Ledger:
    """R07, R08, R18: every tenth mail kills whoever reads it. The others come in, and after a repair all do."""
    letters = make_letters(max(field.size.mails // 20, 20), Random(field.seed), "P")
    killers = [each for each in letters if each.token.endswith("5")]
    with field.ground.desk(lease=1) as desk:
        carriers = Carriers(desk.smtp_port)
        carriers.hand_over(letters)
        ends_at, deaths = time.monotonic() + field.size.quiet, 0
        while carriers.left or desk.nest.do("failed") < len(killers):
            assert time.monotonic() < ends_at, (
                f"{desk.nest.do('failed')} of {len(killers)} were given up: {desk.nest.do('waiting')}"
            )
            deaths += wait_for_death(desk.hatch(poison="5"), 5)
        desk.rest(field.size.quiet)
        innocent = desk.ledger([each for each in letters if each not in killers])
        given_up = desk.nest.do("retry_failed")
        desk.rest(field.size.quiet)
        carriers.close()
        ledger = desk.ledger(letters, in_doubt=2 * deaths)
        return ledger | {
            "killing mails": len(killers),
            "given up before the repair": given_up,
            "innocent lost before the repair": innocent["lost"],
            "failed": [] if (given_up, innocent["lost"]) == (len(killers), 0) else ["the wrong ones were given up"],
        }


def giants(field: Field) -> Ledger:
    """R09: a mail of 40 parts under the limit is taken, an endless one is not, in bounded memory."""
    limit = 50 * MB
    token = "G000001"
    with field.ground.desk() as desk:
        pid = desk.hatch()
        wait_until(lambda: _answers(desk.smtp_port), "the listener", 30)
        before, peak = _memory(pid), _Peak(pid)
        giant = _giant(token, limit * 8 // 10)
        with smtplib.SMTP("127.0.0.1", desk.smtp_port, timeout=120) as line:
            line.sendmail("giant@customer.example", [SUPPORT], giant)
        said = _pour(desk.smtp_port, field.size.away * 4)
        desk.rest(field.size.quiet)
        most = peak.stop()
        ledger = desk.ledger([Letter(token, giant)])
        grew = round(most - before)
        return ledger | {
            "MB of the giant": len(giant) // MB,
            "MB of memory it took": grew,
            "answer to the endless one": said,
            "failed": [] if said.startswith(("552", "421", "cut")) else ["the endless one was taken"],
        }


def order(field: Field) -> Ledger:
    """R04: what strace sees. The mail's file is synced, and with SQLite the database's log, before each 250."""
    letters = make_letters(max(field.size.mails // 10, 10), Random(field.seed), "O")
    # What comes a second time is in the database already.
    letters = [replace(each, copies=1) for each in letters]
    with field.ground.desk() as desk:
        pid = desk.hatch()
        wait_until(lambda: _answers(desk.smtp_port), "the listener", 30)
        with watch(pid, desk.home / "trace") as seen:
            if seen is None:
                return {SKIPPED: "strace is not there, or may not trace"}
            carriers = Carriers(desk.smtp_port, count=1)
            carriers.hand_over(letters)
            assert carriers.wait(field.size.quiet)
        finish(desk, carriers, 0, field.size.quiet)
        return desk.ledger(letters) | seen.ledger(field.ground.engine)


@contextmanager
def _customers(field: Field) -> Iterator[tuple[Desk, FaultProxy]]:
    """A desk whose mail goes out over a line that can be bad."""
    with fault_proxy(1) as proxy, field.ground.desk(sink_port=proxy.port) as desk:
        proxy.server_port = desk.sink.port
        yield desk, proxy


def _to_support(letter: Letter) -> Letter:
    """As it lies in the folder of that mailbox, once."""
    return replace(letter, to=(SUPPORT,))


def _number_anew(field: Field, user: str) -> None:
    """Have Dovecot give the folder another UIDVALIDITY: it makes one where its list of UIDs is gone."""
    for path in field.dovecot.maildir(user).glob("dovecot-uidlist*"):
        path.unlink(missing_ok=True)
    for path in field.dovecot.maildir(user).glob("dovecot.index*"):
        path.unlink(missing_ok=True)
    time.sleep(1)


@contextmanager
def _database_away(field: Field, desk: Desk) -> Iterator[None]:
    """PostgreSQL is shut down; of SQLite somebody holds the only pen."""
    if field.server.url:
        field.server.stop()
        try:
            yield
        finally:
            field.server.start()
        return
    import sqlite3

    path = Path(desk.environment["TUGI_DATA"]) / "tugi.sqlite3"
    with sqlite3.connect(path, isolation_level=None) as holder:
        holder.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            holder.execute("ROLLBACK")


def _grows(count: Callable[[], int], seconds: float) -> int:
    before = count()
    time.sleep(seconds)
    return count() - before


@contextmanager
def _small_disk(megabytes: int) -> Iterator[Path | None]:
    """A disk of its own; None where nobody may mount one."""
    home = Path(mkdtemp(prefix="tugi-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(home)], capture_output=True, check=False
    )
    try:
        yield home if mounted.returncode == 0 else None
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "-l", str(home)], check=False)
        home.rmdir()


def _fill(data: Path) -> Path:
    """A file that leaves no room."""
    ballast = data / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass
    return ballast


def _giant(token: str, size: int) -> bytes:
    """Forty files; their bytes are of no meaning."""
    line = b"QUJD" * 18 + b"\r\n"
    part = line * (size // 40 // len(line))
    head = (
        f"From: giant@customer.example\r\nTo: {SUPPORT}\r\nSubject: {token}\r\n"
        f"Message-ID: <{token}@customer.example>\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n'
        f"--x\r\nContent-Type: text/plain\r\n\r\n{token} is a giant.\r\n"
    ).encode()
    file = b'--x\r\nContent-Type: application/octet-stream; name="a.bin"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    return head + (file + part) * 40 + b"--x--\r\n"


def _pour(port: int, seconds: float) -> str:
    """Send a mail without end until somebody says a word; gives the word."""
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as line:
        line.mail("endless@customer.example")
        line.rcpt(SUPPORT)
        line.putcmd("data")
        line.getreply()
        assert line.sock is not None
        line.send(b"Subject: endless\r\n\r\n")
        chunk, ends_at, poured = (b"y" * 998 + b"\r\n") * 1024, time.monotonic() + seconds + 60, 0
        try:
            while poured < 1024 * MB and time.monotonic() < ends_at:
                line.send(chunk)
                poured += len(chunk)
            line.send(b"\r\n.\r\n")
            code, words = line.getreply()
        except (OSError, smtplib.SMTPException):
            return f"cut after {poured // MB} MB"
        return f"{code} {words.decode()} after {poured // MB} MB"


class _Peak:
    """The most memory that a worker and its children had while it was watched, in MB."""

    def __init__(self, pid: int) -> None:
        self._pid, self._most, self._over = pid, 0.0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        self._over.set()
        self._thread.join()
        return self._most

    def _watch(self) -> None:
        while not self._over.wait(0.1):
            with suppress(OSError, ValueError):
                self._most = max(self._most, _memory(self._pid))


def _memory(pid: int) -> float:
    """What the worker holds for itself, without what the nest gave it, in MB."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    wanted = ("Private_Dirty:", "Private_Clean:")
    return sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith(wanted)) / 1024


def _answers(port: int) -> bool:
    with suppress(OSError, smtplib.SMTPException), smtplib.SMTP("127.0.0.1", port, timeout=2):
        return True
    return False
