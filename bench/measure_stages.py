"""Where a mail's processor time goes: accepting, reading and deciding, following up, acknowledging, one after another.

In one process and without a listener, so that nothing else is counted; what the worker's threads do side by side
costs the same.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from functools import partial

from bench.measure_mail import make_mails
from bench.processes import cpu_of_tree, database_server
from bench.readings import Reading
from bench.yardstick import steady_ms
from tugi.channels.email.actions import accept_raw
from tugi.channels.email.models import KnownMessageId, Mailbox, Via
from tugi.core.mail_addresses import address_key
from tugi.events import senders
from tugi.events.runner import Runner

MAILS, WARM_UP = 300, 60


def measure() -> Iterator[Reading]:
    known = list(KnownMessageId.objects.order_by("-id").values_list("value", flat=True)[:5000:7])
    for _name, stage in _stages(make_mails(WARM_UP, known, random.Random(os.getpid()))):
        stage()
    total = 0.0
    for name, stage in _stages(make_mails(MAILS, known, random.Random(os.getpid() + 1))):
        cost = steady_ms(_used, stage) / MAILS
        total += cost
        yield Reading("", f"a mail's CPU: {name}", cost, unit="ms CPU")
    yield Reading("", "a mail's CPU: all of it", total, unit="ms CPU")


def _stages(mails: list[bytes]) -> Iterator[tuple[str, Callable[[], object]]]:
    boxes = {address_key(each.address): each for each in Mailbox.objects.active()}
    return iter(
        (
            ("accepted", partial(_accept, boxes, mails)),
            ("made a ticket or a message", partial(_send_all, "email.intake")),
            ("consumers", Runner().run_until_quiet),
            ("acknowledged", partial(_send_all, "email.outbox")),
            ("consumers, of the acknowledgement", Runner().run_until_quiet),
        )
    )


def _accept(boxes: dict[str, Mailbox], mails: list[bytes]) -> None:
    for mail in mails:
        to = next(row for row in mail.split(b"\r\n") if row.startswith(b"To: "))[4:].decode()
        accept_raw(boxes[address_key(to)], mail, via=Via.SMTP, envelope_from="customer@mail.example")


def _send_all(name: str) -> None:
    while senders.send_next(senders.senders()[name]):
        pass


def _used() -> float:
    """Seconds of CPU of this process, of the children that read, and of the database's server."""
    own = database_server()
    return cpu_of_tree(os.getpid()) + (cpu_of_tree(own) if own else 0.0)
