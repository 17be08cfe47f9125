"""What a desk says that has no ticket yet: where to write, and how to try it."""

from __future__ import annotations

import shlex

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from tugi.channels.email.models import Mailbox
from tugi.channels.email.queries import mailboxes_for
from tugi.core.panels import Panel
from tugi.people.access import access_of
from tugi.people.models import Agent, Permission
from tugi.people.request import agent_of
from tugi.tickets.models import Ticket

MOST_SHOWN = 5
WRITER = "dora@customer.example"
ANYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - compared, not bound


def first_steps(request: HttpRequest, _subject: object) -> Panel | None:
    """None as soon as there is a ticket, whoever may see it."""
    if Ticket.objects.order_by().exists():
        return None
    agent = agent_of(request)
    addresses = _addresses(agent)
    server = _listener()
    context = {
        "addresses": addresses,
        "server": server,
        "command": _command(addresses[0], server) if addresses and server else "",
        "mail_settings": _mail_settings(agent),
    }
    return Panel("setup/_first_steps.html", context)


def _addresses(agent: Agent) -> list[str]:
    departments = access_of(agent).departments_for(Permission.SEE_TICKETS)
    mailboxes = Mailbox.objects.active().order_by("id")
    if departments is not None:
        mailboxes = mailboxes.filter(department_id__in=departments)
    return list(mailboxes.values_list("address", flat=True)[:MOST_SHOWN])


def _listener() -> str:
    """Where this machine reaches the desk's own SMTP listener; empty where it is off."""
    if settings.SMTP_LISTEN is None:
        return ""
    host, port = settings.SMTP_LISTEN
    return f"{'127.0.0.1' if host in ANYWHERE else host}:{port}"


def _command(address: str, server: str) -> str:
    subject = "Subject: Is anybody there?"
    words = (
        "--server",
        server,
        "--from",
        WRITER,
        "--to",
        address,
        "--header",
        subject,
        "--body",
        "My lamp stays dark.",
    )
    return shlex.join(("swaks", *words))


def _mail_settings(agent: Agent) -> str:
    """The page where this agent connects the mailbox; empty for who may not."""
    if not access_of(agent).anywhere(Permission.MANAGE_MAIL):
        return ""
    mine = list(mailboxes_for(agent).values_list("id", flat=True)[:2])
    return reverse("email:mailbox", args=mine) if len(mine) == 1 else reverse("email:mailboxes")
