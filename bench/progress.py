"""A line on the terminal that says how far a long job is, and about how long it still takes."""

from __future__ import annotations

import sys
import time

WIDTH = 30


class Bar:
    def __init__(self, what: str, total: int, done: int = 0) -> None:
        self._what, self._total, self._done, self._begun = what, total, done, done
        self._started_at = time.monotonic()

    def step(self) -> None:
        self._done += 1
        passed = time.monotonic() - self._started_at
        left = passed / (self._done - self._begun) * (self._total - self._done)
        filled = "█" * (WIDTH * self._done // self._total)
        self._write(f"{filled:░<{WIDTH}} {self._done}/{self._total}, about {_shown(left)} left")

    def say(self, stage: str) -> None:
        """What is done now that cannot be counted."""
        self._write(f"{stage} …")

    def end(self) -> None:
        self._write(f"done in {_shown(time.monotonic() - self._started_at)}", end="\n")

    def _write(self, text: str, end: str = "") -> None:
        is_terminal = sys.stderr.isatty()
        line = f"{self._what}: {text}"
        sys.stderr.write(f"\r\x1b[K{line}{end}" if is_terminal else f"{line}\n")
        sys.stderr.flush()


def _shown(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
