"""R23 and R24: many hands at once on one ticket, and many tickets opened at once."""

from __future__ import annotations

import multiprocessing
import random
import time
from datetime import timedelta
from typing import Any

from django.db import connection

from soak.post import BILLING, SUPPORT
from tugi.channels.email.models import Mailbox
from tugi.core.errors import Conflict
from tugi.events import actors
from tugi.events.models import Event
from tugi.people.models import Agent, Contact
from tugi.tickets.actions import assign_ticket, change_status
from tugi.tickets.models import Category, Message, Ticket
from tugi.tickets.testing import make_ticket, merge, reply, status


def crowd(people: int, seed: int) -> dict[str, Any]:
    """So many open a ticket each, half as many answer one, six assign it and set its status, one merges it away."""
    ben, ada = Agent.objects.get(name="Ben North"), Agent.objects.get(name="Ada Admin")
    contact = _dora()
    north = Mailbox.objects.get(address=SUPPORT).department
    one = make_ticket(north, contact, subject="Crowd: everybody answers this one")
    target = make_ticket(north, contact, subject="Crowd: and it is merged into this one")
    let_go_of_everything()
    parts: list[Any] = [(_open_one, (number,)) for number in range(people)]
    parts += [(_reply_one, (one.pk, number)) for number in range(people // 2)]
    parts += [(_assign_and_set, (one.pk, agent.pk, number)) for number, agent in enumerate((ben, ada) * 3)]
    parts.insert(len(parts) * 2 // 3, (_merge_one, (one.pk, target.pk)))
    random.Random(seed).shuffle(parts)
    with multiprocessing.get_context("fork").Pool(min(people, 50)) as pool:
        ended = [pool.apply_async(_say, part) for part in parts]
        said = [each.get(120) for each in ended]
    return _crowd_ledger(said, one.pk, target.pk, people)


def let_go_of_everything() -> None:
    """Before forking: no connection, and no pool whose threads a fork would not have."""
    connection.close()
    here: Any = connection
    if connection.vendor == "postgresql":
        here.close_pool()


def _say(work: Any, values: tuple[Any, ...]) -> str:
    """What became of it: done, the product's refusal, or an error nobody expects."""
    try:
        work(*values)
    except Conflict as refusal:
        return f"refused: {type(refusal).__name__}"
    except Exception as error:  # noqa: BLE001 - told in the ledger
        return f"failed: {work.__name__}: {type(error).__name__}: {error}"
    return f"done: {work.__name__}"


def _open_one(number: int) -> None:
    ticket = make_ticket(Mailbox.objects.get(address=BILLING).department, _dora(), subject=f"Crowd {number}")
    assert ticket.number


def _reply_one(ticket_id: int, number: int) -> None:
    ben = Agent.objects.get(name="Ben North")
    reply(Ticket.objects.get(id=ticket_id), f"Answer {number}.", author=ben, undo_for=timedelta(hours=1))


def _assign_and_set(ticket_id: int, agent_id: int, number: int) -> None:
    """As the desk's pages do: with the version that the agent saw."""
    actor, version = actors.agent(agent_id), Ticket.objects.get(id=ticket_id).version
    assign_ticket(ticket_id, to=Agent.objects.get(id=agent_id), actor=actor, version=version)
    change_status(ticket_id, to=status(Category.OPEN if number % 2 else Category.PENDING), actor=actor)


def _merge_one(ticket_id: int, target_id: int) -> None:
    """In the midst of the answers, not before them: then all would be refused, and nothing said of those taken."""
    ends_at = time.monotonic() + 60
    while not Message.objects.filter(ticket_id=ticket_id, text__startswith="Answer ").exists():
        assert time.monotonic() < ends_at, "nobody answered"
        time.sleep(0.01)
    ben = Agent.objects.get(name="Ben North")
    merge(Ticket.objects.get(id=ticket_id), into=Ticket.objects.get(id=target_id), agent=ben)


def _dora() -> Contact:
    return Contact.objects.get(name__startswith="Dora")


def _crowd_ledger(said: list[str], one: int, target: int, people: int) -> dict[str, Any]:
    numbers = list(Ticket.objects.values_list("number", flat=True))
    answers = Message.objects.filter(ticket_id__in=(one, target), text__startswith="Answer ").count()
    opened = Ticket.objects.filter(subject__startswith="Crowd ").count()
    written = Event.objects.filter(kind="message.reply_written", ticket_id__in=(one, target)).count()
    replied = said.count("done: _reply_one")
    return {
        "at once": people,
        "opened": opened,
        "numbers given twice": len(numbers) - len(set(numbers)),
        "replies acknowledged": replied,
        "replies refused": sum(each.startswith("refused") for each in said),
        "lost": abs(replied - answers) + abs(replied - written) + abs(people - opened),
        "failed": sorted({each for each in said if each.startswith("failed")}),
    }
