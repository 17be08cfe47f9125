"""A part of the desk in a process of its own that kills itself (SIGKILL) at a named point.

python -m tests.stories.crashing_child JOB POINT …: jobs are `listen PORT`, `read` and `tell`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tugi.settings")
django.setup()

from django.db.models import QuerySet  # noqa: E402 - after django.setup()

from tugi.channels.email import intake, listener, senders  # noqa: E402
from tugi.channels.email.models import RawMail  # noqa: E402
from tugi.channels.email.receiving import reception  # noqa: E402
from tugi.core import blobs, clock  # noqa: E402
from tugi.events.testing import run_sender  # noqa: E402
from tugi.people.models import Department  # noqa: E402
from tugi.tickets.models import Message, Ticket  # noqa: E402


def die_after(function: Callable[..., Any]) -> Callable[..., Any]:
    def deadly(*args: Any, **options: Any) -> None:
        function(*args, **options)
        os.kill(os.getpid(), signal.SIGKILL)

    return deadly


def die_before(function: Callable[..., Any]) -> Callable[..., Any]:
    def deadly(*args: Any, **options: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    return deadly


TRAPS: dict[str, tuple[object, str, Callable[..., Any]]] = {
    "before-store": (blobs, "put", die_before),
    "after-store": (blobs, "put", die_after),
    "after-commit": (reception, "accept_raw", die_after),
    "before-outcome": (intake, "_conclude", die_before),
    "in-transaction": (intake, "_conclude", die_after),
    "after-reading": (senders, "take_in", die_after),
}


def arm(point: str) -> None:
    """Set the trap; "none" sets none."""
    if point in TRAPS:
        module, name, deadly = TRAPS[point]
        setattr(module, name, deadly(getattr(module, name)))


def tell() -> dict[str, int]:
    rows: QuerySet[RawMail] = RawMail.objects.all()
    return {
        "raw": rows.count(),
        "done": rows.exclude(outcome="").count(),
        "tickets": Ticket.objects.count(),
        "messages": Message.objects.count(),
    }


def main(job: str, point: str, *rest: str) -> None:
    arm(point)
    if job == "prepare":
        department = Department.objects.create(name="North")
        from tugi.channels.email.testing import make_mailbox

        make_mailbox(department)
    elif job == "listen":
        listener.listen(("127.0.0.1", int(rest[0])), threading.Event())
    elif job == "read":
        # What a dead worker held is free when its lease has run out.
        RawMail.objects.filter(state="claimed").update(state="due", claimed_until=None, due_at=clock.now())
        run_sender("email.intake")
        print(json.dumps(tell()))
    elif job == "tell":
        print(json.dumps(tell()))


if __name__ == "__main__":
    main(*sys.argv[1:])
