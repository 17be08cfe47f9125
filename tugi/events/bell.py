"""Wakes who waits for the log. A ring may be lost: who waits also looks by itself now and then.

Inside one process a ring passes between threads. Between processes PostgreSQL carries it (LISTEN and
NOTIFY); with SQLite one looks every few milliseconds whether anybody has committed anything, which
costs some microseconds.
"""

from __future__ import annotations

import threading
import time
from typing import Any

from django.db import connection, transaction

APPENDED = "tugi_appended"
"""Something was committed and waits for its `seq`."""
STAMPED = "tugi_stamped"
"""The log's readers by `seq` have something to read."""

LOOK_AFTER_SECONDS = 0.5
"""When to look, on PostgreSQL: a writer may die between its commit and its ring."""
GLANCE_AFTER_SECONDS = 0.03
"""How often to glance at SQLite's count of commits."""


class _Rings:
    """How often each bell has rung in this process."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.counts = {APPENDED: 0, STAMPED: 0}

    def add(self, channel: str) -> None:
        with self.changed:
            self.counts[channel] += 1
            self.changed.notify_all()


_rings = _Rings()


def ring(channel: str) -> None:
    """Ring now. Seldom inside a transaction: until one that rings has committed no other that rings can."""
    _rings.add(channel)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {channel}")


def ring_on_commit() -> None:
    """Ring `APPENDED` once when the present transaction is committed, however often this is asked."""
    waiting = (hook[1] for hook in transaction.get_connection().run_on_commit)
    if _ring_appended not in waiting:
        transaction.on_commit(_ring_appended)


def _ring_appended() -> None:
    ring(APPENDED)


class Bell:
    """One thread's ear for one channel. Keeps that thread's connection while it listens."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._heard = _rings.counts[channel]
        self._listening: Any = None
        self._commits = -1

    def wait(self, longest: float) -> None:
        """Return at a ring, or when it is time to look, or after `longest` seconds."""
        connection.ensure_connection()
        if connection.vendor == "postgresql":
            self._wait_for_notice(min(longest, LOOK_AFTER_SECONDS))
        else:
            self._wait_for_commit(longest)

    def close(self) -> None:
        """Listen no more: a pooled connection that nobody waits on would hoard its notices."""
        raw, self._listening = self._listening, None
        if raw is not None and raw is connection.connection and not raw.closed:
            raw.execute(f"UNLISTEN {self._channel}")

    def _wait_for_notice(self, seconds: float) -> None:
        raw: Any = connection.connection
        if self._listening is not raw:
            raw.execute(f"LISTEN {self._channel}")
            self._listening = raw
            return
        for _notice in raw.notifies(timeout=seconds, stop_after=1):
            pass

    def _wait_for_commit(self, seconds: float) -> None:
        ends_at = time.monotonic() + seconds
        while not self._rung_or_committed():
            left = ends_at - time.monotonic()
            if left <= 0:
                return
            with _rings.changed:
                _rings.changed.wait_for(self._is_rung, min(left, GLANCE_AFTER_SECONDS))

    def _rung_or_committed(self) -> bool:
        """Compared with the last time of asking, so that nothing between two waits is missed."""
        commits, rung = _commits_of_others(), self._is_rung()
        changed = rung or commits != self._commits
        self._commits, self._heard = commits, _rings.counts[self._channel]
        return changed

    def _is_rung(self) -> bool:
        return _rings.counts[self._channel] != self._heard


def _commits_of_others() -> int:
    """A number that changes when another connection commits; read beside Django, which takes 20 times longer."""
    raw: Any = connection.connection
    return int(raw.execute("PRAGMA data_version").fetchone()[0])
