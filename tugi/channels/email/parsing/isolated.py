"""`parse_isolated`: reading a mail in another process, so that no mail can take the worker's memory, time or life.

The processes are kept warm and used for many mails; one that dies, or takes too long, is replaced. They get no
environment and no open files of ours, and never import Django. Safe to call from several threads.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import select
import subprocess
import sys
import threading
import time
from pathlib import Path

import tugi
from tugi.channels.email.parsing.frames import ANSWER, REQUEST, unpack
from tugi.channels.email.parsing.mail import ParsedMail

MAILS_PER_PROCESS = 500
_CHUNK = 1 << 20


class MailUnreadable(Exception):
    """The mail took more than it may: `reason` is time, memory or crash. Its raw bytes are the caller's to keep."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parse_isolated(raw: bytes, seconds: int = 20, memory_mb: int = 512) -> ParsedMail:
    """Reads the mail as `parse_mail` does. Raises MailUnreadable if that takes too long, or too much memory."""
    reader = _pool.take(memory_mb)
    try:
        mail = reader.read(raw, seconds)
    except BaseException:
        reader.end()
        raise
    _pool.give_back(reader)
    return mail


class _Reader:
    """One process that reads mails."""

    def __init__(self, memory_mb: int) -> None:
        self.memory_mb = memory_mb
        self.count = 0
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "tugi.channels.email.parsing.child", str(memory_mb)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PYTHONPATH": str(Path(tugi.__file__).parent.parent), "LANG": "C.UTF-8"},
            cwd="/",
            bufsize=0,
            start_new_session=True,
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.input = self.process.stdin
        self.output = self.process.stdout
        os.set_blocking(self.input.fileno(), False)
        os.set_blocking(self.output.fileno(), False)

    @property
    def is_worn(self) -> bool:
        return self.count >= MAILS_PER_PROCESS or self.process.poll() is not None

    def read(self, raw: bytes, seconds: int) -> ParsedMail:
        deadline = time.monotonic() + seconds
        self.count += 1
        self._send(REQUEST.pack(len(raw), seconds) + raw, deadline)
        sizes = ANSWER.unpack(self._receive(ANSWER.size, deadline))
        found = unpack(*(self._receive(size, deadline) for size in sizes))
        if isinstance(found, str):
            raise MailUnreadable(found)
        return found

    def _send(self, data: bytes, deadline: float) -> None:
        rest = memoryview(data)
        while rest:
            self._wait(self.input.fileno(), select.POLLOUT, deadline)
            try:
                rest = rest[os.write(self.input.fileno(), rest[:_CHUNK]) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise MailUnreadable(self._cause()) from None

    def _receive(self, size: int, deadline: float) -> bytes:
        data = bytearray()
        while len(data) < size:
            self._wait(self.output.fileno(), select.POLLIN, deadline)
            chunk = os.read(self.output.fileno(), min(size - len(data), _CHUNK))
            if not chunk:
                raise MailUnreadable(self._cause())
            data += chunk
        return bytes(data)

    def _wait(self, descriptor: int, event: int, deadline: float) -> None:
        poll = select.poll()
        poll.register(descriptor, event)
        if not poll.poll(max(deadline - time.monotonic(), 0) * 1_000):
            raise MailUnreadable("time")

    def _cause(self) -> str:
        """Why the process ended: the kernel says SIGXCPU for CPU time."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=5)
        return "time" if self.process.returncode == -24 else "crash"

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self.input.close()
        self.output.close()


class _Pool:
    """Idle readers. Each is used by one thread at a time; a forked process starts its own."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.idle: list[_Reader] = []
        self.owner = os.getpid()

    def take(self, memory_mb: int) -> _Reader:
        with self.lock:
            if self.owner != os.getpid():
                self.idle, self.owner = [], os.getpid()
            fitting = next((each for each in reversed(self.idle) if each.memory_mb == memory_mb), None)
            if fitting:
                self.idle.remove(fitting)
        if fitting and not fitting.is_worn:
            return fitting
        if fitting:
            fitting.end()
        return _Reader(memory_mb)

    def give_back(self, reader: _Reader) -> None:
        with self.lock:
            self.idle.append(reader)
            surplus = self.idle.pop(0) if len(self.idle) > (os.cpu_count() or 2) else None
        if surplus:
            surplus.end()

    def close(self) -> None:
        with self.lock:
            ended, self.idle = self.idle, []
        for reader in ended if self.owner == os.getpid() else []:
            reader.end()


_pool = _Pool()
atexit.register(_pool.close)
