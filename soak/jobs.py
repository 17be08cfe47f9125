"""What the soak has done inside the product, each in a process of its own: `Nest.do(NAME, …)`. All answers are JSON."""

from __future__ import annotations

import random
from datetime import timedelta

from soak.audit import audit
from soak.crowd import crowd
from soak.post import AUTHSERV, BILLING, SUPPORT
from tugi.channels.email.actions import retry_raw
from tugi.channels.email.models import Mailbox, MailboxCursor, OutboundMessage, RawMail
from tugi.channels.email.testing import make_mailbox
from tugi.core import clock
from tugi.events import actors, work
from tugi.events.consumers import consumers
from tugi.events.models import Cursor, Event, ParkedEvent
from tugi.events.places import pending, place_cursors
from tugi.people.models import Agent
from tugi.people.testing import make_cast
from tugi.tickets.models import Ticket
from tugi.tickets.testing import reply

__all__ = ["audit", "crowd"]
SOON = timedelta(minutes=10)
"""A reply that may be taken back for longer is not waited for."""
UNDER_WAY = (work.WorkState.DUE, work.WorkState.CLAIMED)


def prepare() -> None:
    """A desk with its cast and two mailboxes, whose consumers begin with the first event."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    cast = make_cast()
    for address, department in ((SUPPORT, cast.north), (BILLING, cast.south)):
        make_mailbox(department, address, authserv_id=AUTHSERV)
    place_cursors()


def fetch_from(port: int, user: str, password: str) -> None:
    """Have the first mailbox fetched by IMAP, from the beginning of its folder."""
    mailbox = Mailbox.objects.get(address=SUPPORT)
    mailbox.imap_on, mailbox.imap_start, mailbox.imap_security = True, "all", "plain"
    mailbox.imap_host, mailbox.imap_port = "127.0.0.1", port
    mailbox.imap_username, mailbox.imap_password = user, password
    mailbox.save()


def waiting() -> dict[str, int]:
    """What is still to be done; nothing of it when the desk is quiet."""
    places = dict(Cursor.objects.values_list("consumer", "seq"))
    return {
        "mails in": RawMail.objects.filter(state__in=UNDER_WAY).count(),
        "mails out": OutboundMessage.objects.filter(state__in=UNDER_WAY, due_at__lt=clock.now() + SOON).count(),
        "unstamped": Event.objects.unstamped().count(),
        "consumers behind": sum(pending(one, after=places[one.name]).exists() for one in consumers().values()),
        "events put aside": ParkedEvent.objects.filter(parked_at=None).count(),
    }


def fetched() -> int:
    """How many mails came by IMAP."""
    return RawMail.objects.filter(via="imap").count()


def failed() -> int:
    """How many mails wait for a person."""
    return RawMail.objects.filter(state=work.WorkState.FAILED).count()


def retry_failed() -> int:
    """Have all of them tried again, as a person does in Settings."""
    rows = list(RawMail.objects.filter(state=work.WorkState.FAILED, outcome="").values_list("id", flat=True))
    for row in rows:
        retry_raw(row, actor=actors.system("channel"))
    return len(rows)


def cursors() -> int:
    return MailboxCursor.objects.count()


def answer(count: int, seed: int) -> int:
    """Ben answers that many tickets of his department; gives how many there were."""
    ben = Agent.objects.get(name="Ben North")
    ids = list(Ticket.objects.filter(department__name="North", merged_into=None).values_list("id", flat=True))
    chosen = random.Random(seed).sample(ids, min(count, len(ids)))
    for ticket_id in chosen:
        reply(Ticket.objects.get(id=ticket_id), "We are on our way.", author=ben, undo_for=timedelta())
    return len(chosen)
