"""One ticket as its page shows it: its fields, its thread, the people in it, what came before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tugi.people.models import Agent
from tugi.tickets.access import ticket_for
from tugi.tickets.models import Ticket
from tugi.tickets.queries.choices import Choice, statuses
from tugi.tickets.queries.history import Happening, happenings
from tugi.tickets.queries.people import ContactCard, language_name, people_of
from tugi.tickets.queries.rows import status_name
from tugi.tickets.queries.thread import MessageEntry, messages_of
from tugi.tickets.tag_column import tags_of

PAST = 5


@dataclass(frozen=True)
class Head:
    """The ticket's own fields, ready to show."""

    id: int
    number: int
    subject: str
    version: int
    status_id: int
    status: str
    category: str
    stage: str
    priority: str
    priority_name: str
    department_id: int
    department: str
    assignee_id: int | None
    assignee: str
    channel: str
    language: str
    organisation: str
    created_at: datetime
    waiting_since: datetime | None
    is_unread: bool
    merged_into: int | None
    tags: tuple[str, ...]

    @property
    def language_name(self) -> str:
        return language_name(self.language)

    @property
    def is_done(self) -> bool:
        return self.stage == "done"


@dataclass(frozen=True)
class PastTicket:
    number: int
    subject: str
    status: str
    stage: str
    at: datetime


@dataclass(frozen=True)
class TicketPage:
    """`thread` is messages and happenings in order; `older` the message id before which more can be read."""

    head: Head
    thread: tuple[MessageEntry | Happening, ...]
    older: int | None
    first_unread: int | None
    contact: ContactCard
    participants: tuple[ContactCard, ...]
    past: tuple[PastTicket, ...]
    statuses: tuple[Choice, ...]

    @property
    def newest(self) -> MessageEntry | None:
        return next((entry for entry in reversed(self.thread) if isinstance(entry, MessageEntry)), None)

    @property
    def newest_id(self) -> int:
        """Of the newest message; 0 without one."""
        return self.newest.id if self.newest else 0


def ticket_page(agent: Agent, number: int, *, before: int | None = None, down_to: int | None = None) -> TicketPage:
    """The ticket with its newest 50 messages (or the 50 before a message id). Raises NotFound.

    `down_to` is the oldest message on a reader's screen: all from there on are given, at most 500.

    Seven queries, however long the ticket is, one more with `down_to`, and one for each kind of name in its
    history that nothing on the page has told yet.
    """
    ticket = ticket_for(agent, number, whole=True)
    tags = tags_of(ticket)
    messages, older = messages_of(ticket, before=before, down_to=down_to)
    since = messages[0].at if older and messages else None
    contact, participants = people_of(ticket)
    choices = statuses(current=ticket.status_id)
    known = _known(agent, ticket, messages, (contact, *participants), choices, tags)
    return TicketPage(
        head=_head(ticket, tags),
        thread=_woven(messages, happenings(ticket.pk, known, since=since) if before is None else []),
        older=older,
        first_unread=_first_unread(ticket, messages),
        contact=contact,
        participants=participants,
        past=_past(agent, ticket),
        statuses=tuple(choices),
    )


def _head(ticket: Ticket, tags: dict[int, str]) -> Head:
    return Head(
        id=ticket.pk,
        number=ticket.number,
        subject=ticket.subject,
        version=ticket.version,
        status_id=ticket.status_id,
        status=status_name(ticket.status.name, ticket.status.is_built_in),
        category=ticket.status.category,
        stage=ticket.stage,
        priority=ticket.priority,
        priority_name=ticket.get_priority_display(),
        department_id=ticket.department_id,
        department=ticket.department.name,
        assignee_id=ticket.assignee_id,
        assignee=ticket.assignee.name if ticket.assignee else "",
        channel=ticket.channel,
        language=ticket.language,
        organisation=ticket.organisation.name if ticket.organisation else "",
        created_at=ticket.created_at,
        waiting_since=ticket.waiting_since,
        is_unread=ticket.is_unread,
        merged_into=ticket.merged_into.number if ticket.merged_into else None,
        tags=tuple(tags.values()),
    )


def _known(
    agent: Agent,
    ticket: Ticket,
    messages: list[MessageEntry],
    people: tuple[ContactCard, ...],
    choices: list[Choice],
    tags: dict[int, str],
) -> dict[tuple[str, int], str]:
    """The names that this page has already, for its history."""
    found = {("agent", entry.agent_id): entry.who for entry in messages if entry.agent_id}
    found |= {("contact", card.id): card.shown for card in people}
    found |= {("status", choice.id): choice.name for choice in choices}
    found |= {("tag", tag_id): name for tag_id, name in tags.items()}
    found[("agent", agent.pk)] = agent.name
    found[("department", ticket.department_id)] = ticket.department.name
    if ticket.assignee:
        found[("agent", ticket.assignee.pk)] = ticket.assignee.name
    return found


def _woven(messages: list[MessageEntry], lines: list[Happening]) -> tuple[MessageEntry | Happening, ...]:
    """By time. What happened at the very instant of a message is its consequence and stands after it,
    but for what opened the ticket; steps with no message between them are one line."""
    opening = min((line.id for line in lines), default=0)
    keyed: list[tuple[tuple[datetime, int, int], MessageEntry | Happening]] = []
    keyed += [((entry.at, 1, entry.id), entry) for entry in messages]
    keyed += [((line.at, 0 if line.id == opening else 2, line.id), line) for line in lines]
    woven: list[MessageEntry | Happening] = []
    for _, entry in sorted(keyed, key=lambda pair: pair[0]):
        last = woven[-1] if woven else None
        if isinstance(entry, Happening) and isinstance(last, Happening) and last.takes(entry):
            woven[-1] = last.with_more(entry)
        else:
            woven.append(entry)
    return tuple(woven)


def _first_unread(ticket: Ticket, messages: list[MessageEntry]) -> int | None:
    """The first of the customer's messages after the desk's last word, if nobody has looked yet."""
    found = None
    for entry in reversed(messages if ticket.is_unread else []):
        if not entry.is_inbound:
            break
        found = entry.id
    return found


def _past(agent: Agent, ticket: Ticket) -> tuple[PastTicket, ...]:
    """The contact's other tickets that this agent may see, newest first."""
    others = Ticket.objects.visible_to(agent).filter(contact=ticket.contact_id, merged_into=None)
    columns = ("number", "subject", "status__name", "status__is_built_in", "stage", "active_at")
    found = others.order_by("-id").values_list(*columns)[: PAST + 1]
    past = [
        PastTicket(number, subject, status_name(name, built_in), stage, at)
        for number, subject, name, built_in, stage, at in found
        if number != ticket.number
    ]
    return tuple(past[:PAST])


__all__ = ["ContactCard", "Happening", "Head", "MessageEntry", "PastTicket", "TicketPage", "ticket_page"]
