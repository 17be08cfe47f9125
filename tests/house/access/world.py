"""Eight kinds of visitor and the objects that addresses name: ticket T1 in North and its own things."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tugi.channels.email.actions import accept_raw
from tugi.channels.email.models import AutomaticPause, Mailbox, MailboxKey, RawMail, Via
from tugi.channels.email.testing import make_mailbox
from tugi.core import blobs, clock
from tugi.events import actors
from tugi.people import actions as people
from tugi.people import roles
from tugi.people.models import Agent
from tugi.people.testing import Cast, make_agent, make_cast
from tugi.tickets import actions
from tugi.tickets.models import Delivery, Message, Ticket
from tugi.tickets.testing import make_file, make_ticket, merge, receive, reply

VISITORS = ("stranger", "light", "agent", "foreign", "lead", "admin", "gone", "nobody")


@dataclass
class World:
    cast: Cast
    agents: dict[str, Agent]
    ticket: Ticket
    arguments: dict[str, Any]

    def client(self, visitor: str) -> Client:
        client = Client(raise_request_exception=False)
        if visitor != "stranger":
            client.force_login(self.agents[visitor])
        if visitor == "gone":
            people.deactivate_agent(self.agents["gone"].pk, actor=actors.system("web"))
        return client


def make_world() -> World:
    cast = make_cast()
    agents = {
        "light": cast.leo,
        "agent": cast.ben,
        "foreign": cast.cleo,
        "lead": make_agent("Lena Lead", role=roles.LEAD, department=cast.north),
        "admin": cast.ada,
        "gone": make_agent("Gita Gone", department=cast.north),
        "nobody": _without_roles("Nils Nobody"),
    }
    ticket = make_ticket(cast.north, cast.dora, tags=["vip"])
    asked = receive(ticket, files=[make_file("shot.png", _png(), "image/png")], raw_blob=blobs.put(b"From: a").sha256)
    answered = reply(ticket, author=cast.ben)
    actions.record_delivery(answered.pk, delivery=Delivery.FAILED, error="550", actor=actors.system("channel"))
    merged = merge(make_ticket(cast.north, cast.dora), into=ticket, agent=cast.ben)
    mailbox = make_mailbox(cast.north)
    return World(
        cast=cast,
        agents=agents,
        ticket=ticket,
        arguments={
            "number": ticket.number,
            "merge_id": merged.pk,
            "department_id": cast.north.pk,
            "agent_id": cast.leo.pk,
            "attachment_id": asked.attachments.get().pk,
            "mailbox_id": mailbox.pk,
            "pause_id": _paused(mailbox).pk,
            "raw_mail_id": _failed(accept_raw(mailbox, b"From: x@y.example\r\n\r\nHello", via=Via.IMAP)).pk,
            "key_id": _mail_key(mailbox).pk,
            "status": 404,
            "key": actions.make_link(ticket.pk, contact_id=cast.dora.pk),
            "token": "unsigned",
            "message_id": asked.pk,
        },
    )


def message_of(world: World, route: str) -> Message:
    """Deliveries and withdrawals are of replies; what else a message's address names is the customer's."""
    kind = "outbound" if route.endswith(("delivery", "withdrawal")) else "inbound"
    return Message.objects.filter(ticket=world.ticket, kind=kind).latest("id")


def routes() -> dict[str, URLPattern]:
    """Every named address of the desk, as `namespace:name`."""
    found: dict[str, URLPattern] = {}

    def walk(patterns: list[URLPattern | URLResolver], namespace: str) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                inner = ":".join(part for part in (namespace, pattern.namespace or "") if part)
                walk(pattern.url_patterns, inner)
            else:
                found[":".join(part for part in (namespace, pattern.name or str(pattern.pattern)) if part)] = pattern

    walk(get_resolver().url_patterns, "")
    return found


def _without_roles(name: str) -> Agent:
    agent = make_agent(name)
    agent.grants.all().delete()
    return Agent.objects.get(id=agent.pk)


def _paused(mailbox: Mailbox) -> AutomaticPause:
    return AutomaticPause.objects.create(key="x", mailbox=mailbox, since=clock.now(), until=clock.now())


def _failed(raw_mail: RawMail) -> RawMail:
    RawMail.objects.filter(id=raw_mail.pk).update(state=RawMail.State.FAILED, last_error="unreadable")
    return raw_mail


def _mail_key(mailbox: Mailbox) -> MailboxKey:
    return MailboxKey.objects.create(
        mailbox=mailbox, system="smime", fingerprint="ab" * 32, public="-", created_at=clock.now()
    )


def _png() -> bytes:
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (40, 30), "navy").save(out, "PNG")
    return out.getvalue()


__all__ = ["VISITORS", "World", "make_world", "message_of", "routes"]
