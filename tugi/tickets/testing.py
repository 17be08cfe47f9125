"""Tickets for tests. Every factory calls the actions, so that each fixture is a history that can happen.

    class MyTest(DeskTest):
        def test_something(self) -> None:
            ticket = make_ticket(self.cast.north, self.cast.dora, subject="Cannot sign in")
            reply(ticket, "On it.", author=self.cast.ben)
            receive(ticket, "Thank you!")

Words are given as plain text; `html` takes clean HTML where it matters. A ticket given to a factory is
brought up to date by it (`refresh_from_db`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from html import escape

from django.test import TestCase

from tugi.core import blobs
from tugi.events import actors
from tugi.events.actors import Actor
from tugi.events.models import Event
from tugi.people.models import Agent, Contact, Department, Identity
from tugi.people.testing import PASSWORD, Cast, make_agent, make_cast, make_contact, make_department
from tugi.tickets import actions
from tugi.tickets.content import Content, Incoming, NewFile
from tugi.tickets.models import Category, Merge, Message, Priority, Proof, Status, Ticket

__all__ = [
    "PASSWORD",
    "Cast",
    "DeskTest",
    "assert_events",
    "content",
    "incoming",
    "make_agent",
    "make_cast",
    "make_contact",
    "make_department",
    "make_file",
    "make_ticket",
    "merge",
    "note",
    "receive",
    "reply",
    "status",
]


class DeskTest(TestCase):
    """Django's TestCase with the cast: `self.cast.ben`; `self.sign_in(self.cast.ben)` for the client."""

    cast: Cast

    @classmethod
    def setUpTestData(cls) -> None:
        cls.cast = make_cast()

    def sign_in(self, agent: Agent) -> None:
        self.client.force_login(agent)


def make_ticket(
    department: Department,
    contact: Contact,
    *,
    subject: str = "Cannot sign in",
    text: str = "Hello, I cannot sign in since this morning.",
    html: str = "",
    files: Iterable[NewFile] = (),
    assignee: Agent | None = None,
    priority: Priority = Priority.NORMAL,
    category: Category | None = None,
    tags: Iterable[str] = (),
    proof: Proof = Proof.SENDER,
    channel: str = "email",
) -> Ticket:
    """A ticket with its first message from the contact; then assigned, tagged, set to a status if asked."""
    first = incoming(contact, text, html=html, files=files, proof=proof, channel=channel)
    ticket, _ = actions.open_ticket(
        first,
        subject=subject,
        department_id=department.pk,
        priority=priority,
        actor=actors.contact(contact.pk),
    )
    _arrange(ticket, tags, assignee, category)
    ticket.refresh_from_db()
    return ticket


def receive(
    ticket: Ticket,
    text: str = "Any news?",
    *,
    contact: Contact | None = None,
    html: str = "",
    quoted: str = "",
    files: Iterable[NewFile] = (),
    proof: Proof = Proof.TOKEN,
    is_automatic: bool = False,
    raw_blob: str = "",
) -> Message:
    """The ticket's contact (or another) writes into it."""
    who = contact or ticket.contact
    said = incoming(
        who,
        text,
        html=html,
        quoted=quoted,
        files=files,
        proof=proof,
        is_automatic=is_automatic,
        raw_blob=raw_blob,
    )
    message = actions.receive_message(ticket.pk, said, actor=actors.contact(who.pk))
    ticket.refresh_from_db()
    return message


def reply(
    ticket: Ticket,
    text: str = "We are looking into it.",
    *,
    author: Agent,
    html: str = "",
    files: Iterable[NewFile] = (),
    then: Category | None = None,
    undo_for: timedelta = timedelta(seconds=10),
    cc: tuple[str, ...] = (),
) -> Message:
    """An agent answers the customer."""
    message = actions.reply(
        ticket.pk,
        content(text, html=html, files=files),
        author=author,
        undo_for=undo_for,
        to=tuple(_addresses(ticket.contact)[:1]),
        cc=cc,
        then=status(then) if then else None,
        actor=actors.agent(author.pk),
    )
    ticket.refresh_from_db()
    return message


def note(ticket: Ticket, text: str = "Seen this before.", *, author: Agent, html: str = "") -> Message:
    """An agent leaves an internal note."""
    message = actions.add_note(ticket.pk, content(text, html=html), author=author, actor=actors.agent(author.pk))
    ticket.refresh_from_db()
    return message


def merge(source: Ticket, *, into: Ticket, agent: Agent) -> Merge:
    """An agent merges one ticket into another."""
    merged = actions.merge_tickets(source.pk, into=into.pk, actor=actors.agent(agent.pk))
    source.refresh_from_db()
    into.refresh_from_db()
    return merged


def content(text: str, *, html: str = "", quoted: str = "", files: Iterable[NewFile] = ()) -> Content:
    """Words with their HTML: paragraphs of the text unless `html` is given."""
    return Content(
        html=html or _paragraphs(text),
        text=text,
        quoted_html=_paragraphs(quoted),
        quoted_text=quoted,
        files=tuple(files),
    )


def incoming(
    contact: Contact,
    text: str,
    *,
    html: str = "",
    quoted: str = "",
    files: Iterable[NewFile] = (),
    proof: Proof = Proof.SENDER,
    channel: str = "email",
    is_automatic: bool = False,
    raw_blob: str = "",
) -> Incoming:
    """A message of this contact, as a channel hands it to the actions."""
    return Incoming(
        content=content(text, html=html, quoted=quoted, files=files),
        channel=channel,
        contact_id=contact.pk,
        proof=proof,
        author_name=contact.name,
        author_address=next(iter(_addresses(contact)), ""),
        to=("support@acme.example",),
        is_automatic=is_automatic,
        raw_blob=raw_blob,
    )


def make_file(
    name: str = "report.txt",
    data: bytes = b"Twelve lines.",
    content_type: str = "text/plain",
    content_id: str = "",
) -> NewFile:
    """A file whose bytes are in the blob store."""
    kept = blobs.put(data)
    return NewFile(
        name=name,
        content_type=content_type,
        size=kept.size,
        sha256=kept.sha256,
        content_id=content_id,
        is_inline=bool(content_id),
    )


def status(category: Category) -> Status:
    """The built-in status of a category."""
    return Status.objects.first_of(category)


def assert_events(ticket: Ticket, *kinds: str, after: int = 0) -> None:
    """Exactly these facts are in the log of the ticket, in this order; `after` leaves out earlier ids."""
    said = list(Event.objects.of_ticket(ticket.pk).filter(id__gt=after).values_list("kind", flat=True))
    assert said == list(kinds), said


def _addresses(contact: Contact) -> list[str]:
    return list(Identity.objects.filter(contact=contact, kind="email").values_list("value", flat=True))


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in text.split("\n") if line.strip())


def _arrange(ticket: Ticket, tags: Iterable[str], assignee: Agent | None, category: Category | None) -> None:
    if tags:
        actions.change_tags(ticket.pk, add=tags, actor=_system())
    if assignee:
        actions.assign_ticket(ticket.pk, to=assignee, actor=_system())
    if category:
        actions.change_status(ticket.pk, to=status(category), actor=_system())


def _system() -> Actor:
    return actors.system("import")
