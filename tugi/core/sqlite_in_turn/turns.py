"""Who writes next: a queue before one SQLite file, among the threads of a process and among processes.

SQLite has one writer at a time. Whoever finds it busy sleeps, up to a tenth of a second, and tries again, while a
busy worker takes the lock anew within microseconds: measured, an agent's reply waited nine seconds beside five busy
threads, then failed. Here it is the next in line. The kernel lets go of a dead process's place.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections import deque
from pathlib import Path

SHORTEST_SLEEP, LONGEST_SLEEP = 0.0005, 0.004


class Turns:
    """The queue before one file. Threads of this process are served in their order, one of them in the name of the
    process. Processes meet in two locks: who is next in line holds the waiting room, so that nobody who has just
    written can be there first again."""

    def __init__(self, path: Path) -> None:
        self._room, self._desk = _open(path, "next"), _open(path, "turn")
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._is_taken = False

    def take(self, seconds: float) -> None:
        """Wait for the turn. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        self._stand_in_line(seconds)
        try:
            _lock(self._room, deadline)
            try:
                _lock(self._desk, deadline)
            finally:
                fcntl.flock(self._room, fcntl.LOCK_UN)
        except BaseException:
            self._call_next()
            raise

    def give_back(self) -> None:
        """Let the next one write."""
        fcntl.flock(self._desk, fcntl.LOCK_UN)
        self._call_next()

    def _stand_in_line(self, seconds: float) -> None:
        called = threading.Event()
        with self._mutex:
            if not self._is_taken:
                self._is_taken = True
                return
            self._waiting.append(called)
        if called.wait(seconds):
            return
        with self._mutex:
            if called in self._waiting:
                self._waiting.remove(called)
                raise TimeoutError

    def _call_next(self) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._is_taken = False


_known: dict[Path, Turns] = {}
_making = threading.Lock()


def turns_of(path: Path) -> Turns:
    """The one queue of this process before that file, however many threads ask first."""
    with _making:
        if path not in _known:
            _known[path] = Turns(path)
        return _known[path]


# A child has its parent's open files, and with them its place in the line.
os.register_at_fork(after_in_child=_known.clear)


def _open(path: Path, kind: str) -> int:
    return os.open(path.with_name(f"{path.name}-{kind}"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _lock(file: int, deadline: float) -> None:
    sleep = SHORTEST_SLEEP
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise TimeoutError from None
        else:
            return
        time.sleep(sleep)
        sleep = min(sleep * 1.5, LONGEST_SLEEP)
