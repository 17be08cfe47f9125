"""`tugi serve`: keeps one web and one worker process up, and ends them together.

It imports no Django: small, quick, and with nothing to crash on. The web child prepares the database
and says so over a pipe; then the worker starts.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from tugi.core.config import Config
from tugi.serve import ground
from tugi.serve.refusal import EXIT_CODE, complain, say

GRACE_SECONDS = 4.5
LONGEST_PAUSE = 30.0
# A child that lived this long was well: the next crash is a new one.
WELL_AFTER = 60.0


@dataclass
class Child:
    """One process and how it fares."""

    name: str
    arguments: list[str]
    descriptors: tuple[int, ...]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    pause: float = 1.0

    def start(self) -> None:
        command = [*ground.python_of_this_environment(), *self.arguments]
        # A group of its own: Ctrl-C at the console reaches the supervisor alone.
        self.process = subprocess.Popen(command, pass_fds=self.descriptors, process_group=0)  # noqa: S603
        self.started_at = time.monotonic()

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def crashed(self) -> None:
        """Plan the next start, later each time."""
        now = time.monotonic()
        self.pause = 1.0 if now - self.started_at > WELL_AFTER else min(self.pause * 2, LONGEST_PAUSE)
        self.start_again_at, self.process = now + self.pause, None

    def signal(self, number: int) -> None:
        if self.process is not None and self.is_running:
            self.process.send_signal(number)


@dataclass
class Supervisor:
    config: Config
    sock: socket.socket
    demo: bool = False
    children: list[Child] = field(default_factory=list)
    stopping: bool = False
    answered: bool = False
    exit_code: int = 0

    def run(self) -> int:
        """Until told to stop. Returns the exit code."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        lifeline, held = os.pipe()
        reports, reporting = os.pipe()
        descriptors = (self.sock.fileno(), reporting, lifeline)
        web = [
            "web",
            "--socket",
            str(descriptors[0]),
            "--reports",
            str(reporting),
            "--lifeline",
            str(lifeline),
        ]
        self._worker = Child("worker", ["worker", "--lifeline", str(lifeline)], (lifeline,))
        self._start(Child("web", [*web, *(["--demo"] if self.demo else [])], descriptors))
        try:
            self._watch(reports)
        finally:
            self._end()
            for descriptor in (lifeline, held, reports, reporting):
                os.close(descriptor)
        if not self.exit_code:
            say("Stopped.")
        return self.exit_code

    def _start(self, child: Child) -> None:
        self.children.append(child)
        child.start()

    def _watch(self, reports: int) -> None:
        selector = selectors.DefaultSelector()
        selector.register(reports, selectors.EVENT_READ)
        rest = b""
        while not self.stopping:
            if selector.select(timeout=0.2):
                *lines, rest = (rest + os.read(reports, 65536)).split(b"\n")
                for line in lines:
                    self._hear(json.loads(line))
            for child in self.children:
                self._mind(child)

    def _hear(self, report: dict[str, Any]) -> None:
        if report["event"] == "prepared" and self._worker not in self.children:
            self._start(self._worker)
        elif report["event"] == "answering" and not self.answered:
            self.answered = True
            announce(self.config, report["lines"])

    def _mind(self, child: Child) -> None:
        if self.stopping or child.is_running:
            return
        if child.process is None:
            if time.monotonic() >= child.start_again_at:
                child.start()
            return
        code = child.process.returncode
        if child.name == "web" and not self.answered:
            # It never came up: the reason stands above, and trying again would only repeat it.
            self.exit_code, self.stopping = code if code == EXIT_CODE else 1, True
            return
        child.crashed()
        complain(f"The {child.name} process ended with code {code}; it starts again in {child.pause:.0f} s.")

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _end(self) -> None:
        for child in self.children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        for child in self.children:
            _wait(child, deadline)


def announce(config: Config, lines: Sequence[str]) -> None:
    """Say that the desk is there, and how to come in."""
    say(f"\nTugi answers at {config.public_url}. Ctrl-C ends it.")
    if config.smtp_listen:
        say("Mail for it is taken at {}:{} (SMTP).".format(*config.smtp_listen))
    for line in lines:
        say(line)


def _wait(child: Child, deadline: float) -> None:
    if child.process is None:
        return
    try:
        child.process.wait(max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        complain(f"The {child.name} process did not end in time and is stopped hard.")
        child.process.kill()
        child.process.wait()
