"""Points at which a worker of the soak dies, and the short gaps it works with.

The product knows nothing of this: the names below are patched from outside, in processes that `soak.nest` forks, so
that nothing in a desk can switch it on.
"""

from __future__ import annotations

import dataclasses
import errno
import os
import signal
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

Patch = Callable[[Callable[..., Any]], Callable[..., Any]]

EMAIL, EVENTS = "tugi.channels.email", "tugi.events"
INTAKE, IMAP, RECEPTION = f"{EMAIL}.intake", f"{EMAIL}.imap", f"{EMAIL}.receiving.reception"
SENDERS, SMTP = f"{EMAIL}.senders", f"{EMAIL}.smtp"

POINTS: dict[str, tuple[str, str, bool]] = {
    "before-store": ("tugi.core.blobs", "put", True),
    "after-store": ("tugi.core.blobs", "put", False),
    "after-commit-smtp": (RECEPTION, "accept_raw", False),
    "after-commit-imap": (IMAP, "accept_raw", False),
    "before-cursor": (IMAP, "_advance", True),
    "after-cursor": (IMAP, "_advance", False),
    "before-outcome": (INTAKE, "_conclude", True),
    "in-transaction": (INTAKE, "_conclude", False),
    "after-reading": (SENDERS, "take_in", False),
    "in-stamping": (f"{EVENTS}.stamping", "_number", False),
    "in-consumer": (f"{EMAIL}.consumers", "queue_acknowledgements", False),
    "before-cursor-of-consumer": (f"{EVENTS}.reading", "_move", True),
    "before-sending": (SMTP, "send", True),
    "after-sending": (SMTP, "send", False),
    "in-record": (f"{EMAIL}.outcomes", "note_acknowledgement", False),
}
"""Each as module, function, and whether the worker dies before or after the call."""

OUTGOING_LEASE = 8.0
"""Longer than a conversation with a mail server may take, or a mail is sent twice that is only slow."""


def arm(point: str, calls: int) -> None:
    """Have this process die (SIGKILL) at its `calls`-th call of the point."""
    module, name, is_before = POINTS[point]
    _patch(module, name, lambda function: _deadly(function, calls, is_before=is_before))


def arm_poison(word: str) -> None:
    """Have this process die of every mail whose subject ends with the word, when it is about to decide about it."""

    def poisoned(function: Callable[..., Any]) -> Callable[..., Any]:
        def place(parsed: Any, *rest: Any) -> Any:
            if parsed.subject.endswith(word):
                _die()
            return function(parsed, *rest)

        return place

    _patch(INTAKE, "_place", poisoned)


def fail_syncs(switch: Path) -> None:
    """Have the kernel say EIO to every sync while the file `switch` is there (SECURITY R13)."""

    def failing(function: Callable[..., Any]) -> Callable[..., Any]:
        def fsync(descriptor: int) -> None:
            if switch.exists():
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            function(descriptor)

        return fsync

    _patch("os", "fsync", failing)


def hurry(lease_seconds: float) -> None:
    """Shorten leases, gaps and time-outs, so that minutes of a real desk are seconds here."""
    lease, outgoing = timedelta(seconds=lease_seconds), timedelta(seconds=OUTGOING_LEASE)
    senders = import_module(f"{EVENTS}.senders")
    for name, sender in senders.senders().items():
        senders._registry[name] = dataclasses.replace(sender, lease=outgoing if name == "email.outbox" else lease)
    work: Any = import_module(f"{EVENTS}.work")
    work.FIRST_GAP = timedelta(seconds=0.5)
    mailboxes: Any = import_module(f"{EMAIL}.actions.mailboxes")
    mailboxes.FETCH_EVERY, mailboxes.FETCH_LEASE = timedelta(seconds=0.5), lease
    mailboxes.WATCHED_EVERY, mailboxes.LONGEST_PAUSE = timedelta(seconds=1), timedelta(seconds=2)
    fetchers: Any = import_module("tugi.channels.email.fetchers")
    fetchers.LOOK_EVERY_SECONDS = 0.2
    imap: Any = import_module(f"{EMAIL}.imap_sessions")
    imap.TIMEOUT = imap.SocketTimeout(connect=2, read=2)
    session: Any = import_module(f"{EMAIL}.smtp_session")
    session.CONNECT_SECONDS, session.ANSWER_SECONDS, session.LAST_ANSWER_SECONDS = 3.0, 3.0, 3.0
    session.DEADLINE_SECONDS, session.Session.patience, session.TlsSession.patience = 6.0, 3.0, 3.0
    trouble: Any = import_module(f"{EMAIL}.smtp_trouble")
    trouble.SILENT_SECONDS, trouble.REFUSED_SECONDS = 0.5, 0.5


def _deadly(function: Callable[..., Any], calls: int, *, is_before: bool) -> Callable[..., Any]:
    left = iter(range(calls - 1, -1, -1))

    def deadly(*args: Any, **options: Any) -> Any:
        is_last = next(left, 0) == 0
        if is_last and is_before:
            _die()
        result = function(*args, **options)
        if is_last:
            _die()
        return result

    return deadly


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _patch(module: str, name: str, patch: Patch) -> None:
    holder = import_module(module)
    setattr(holder, name, patch(getattr(holder, name)))
