"""Runs in django-helpdesk's environment: `python -m bench.peer.child build FILE`, or `measure FOLDER`."""

# mypy: ignore-errors
# Its packages and its models are those of another environment.
from __future__ import annotations

import itertools
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.peer.settings")
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from helpdesk.email import process_email  # noqa: E402
from helpdesk.models import FollowUp, Queue, Ticket  # noqa: E402
from helpdesk.query import query_to_base64  # noqa: E402

from bench.yardstick import steady_ms  # noqa: E402

REQUESTS, AT_ONCE = 15, 2000
WORD = "printer"


def build(path: Path) -> None:
    """The tickets of a file, one a line; each with an opening and further messages."""
    call_command("migrate", verbosity=0)
    call_command("loaddata", "emailtemplate.json", verbosity=0)
    get_user_model().objects.create_superuser("ada", "ada@nordvik.example", "secret")
    queues = [
        Queue.objects.create(title=f"Department {number}", slug=f"department-{number}", allow_email_submission=True)
        for number in range(1, 21)
    ]
    with path.open() as file:
        lines = map(json.loads, file)
        while part := list(itertools.islice(lines, AT_ONCE)):
            _write(part, queues)


def _write(part: list[dict[str, Any]], queues: list[Any]) -> None:
    now = timezone.now()
    tickets = Ticket.objects.bulk_create(
        Ticket(
            title=row["subject"][:200],
            queue=queues[row["department"] % len(queues)],
            created=now - timedelta(minutes=row["age"]),
            modified=now - timedelta(minutes=row["age"]),
            submitter_email=row["address"],
            status=Ticket.OPEN_STATUS if row["is_open"] else Ticket.CLOSED_STATUS,
            description=row["texts"][0],
            priority=3,
            secret_key=f"{row['age']:x}",
        )
        for row in part
    )
    FollowUp.objects.bulk_create(
        FollowUp(ticket=ticket, date=ticket.created, title="Comment", comment=text, public=True)
        for ticket, row in zip(tickets, part, strict=True)
        for text in row["texts"][1:]
    )


def measure(folder: Path) -> Iterator[tuple[str, float]]:
    """Intake of every file in the folder as `get_email` does it, then the list and the search."""
    queue = Queue.objects.first()
    queue.email_address = "support@nordvik.example"
    queue.email_box_type, queue.email_box_local_dir, queue.email_box_interval = "local", str(folder), 0
    queue.save()
    count, before = len(list(folder.iterdir())), Ticket.objects.count() + FollowUp.objects.count()
    began = time.perf_counter()
    used = steady_ms(time.process_time, lambda: process_email(quiet=True))
    took = time.perf_counter() - began
    became = Ticket.objects.count() + FollowUp.objects.count() - before
    yield "mails a second", count / took
    yield "ms CPU a mail", used / count
    yield "mails given", count
    yield "mails that became a ticket or a comment", became
    yield "mails left in the folder", len(list(folder.iterdir()))
    client = Client()
    client.force_login(get_user_model().objects.get(username="ada"))
    open_ones = {"filtering": {"status__in": [1, 2]}, "sorting": "created", "search_string": ""}
    found = {"filtering": {}, "sorting": "created", "search_string": WORD}
    yield "list page, ms CPU", _cost(lambda: (client.get("/tickets/"), _rows(client, open_ones)))
    yield "search page, ms CPU", _cost(lambda: (client.get(f"/tickets/?q={WORD}"), _rows(client, found)))


def _rows(client: Client, query: dict[str, Any]) -> Any:
    """The page is empty until the browser has asked for its rows."""
    asked = {"draw": 1, "start": 0, "length": 25, "order[0][column]": 5, "order[0][dir]": "desc", "search[value]": ""}
    answer = client.get(f"/datatables_ticket_list/{query_to_base64(query)}", asked)
    assert answer.status_code == 200, answer.content[:500]
    return answer


def _cost(ask: Callable[[], object]) -> float:
    ask()
    return median(steady_ms(time.process_time, ask) for _ in range(REQUESTS))


if __name__ == "__main__":
    if sys.argv[1] == "build":
        build(Path(sys.argv[2]))
    else:
        print(json.dumps(dict(measure(Path(sys.argv[2])))))
