"""What was said at the benchmark's desk, in chunks of ten thousand tickets, as rows ready to be written.

A chunk follows from its number alone, so that building can be interrupted, and done by two processes. Message ids
follow the clock within a chunk: the messages of a ticket lie among those of others, as they do in life.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from html import escape

from bench import people, vocabulary
from bench.people import Person
from bench.tables import Row
from bench.vocabulary import Sentence
from tugi.tickets.search.tokens import mark

TICKETS = 10_000
MESSAGES = 50_000
CONTACTS = 3_000
LONG, LONG_TICKETS = 60, 5
"""Messages of a long ticket, and how many such tickets a chunk has."""
MOST_EVENTS = 130_000
YEARS = 3
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TAGS = (
    *("vip", "refund", "bug", "urgent", "delivery", "invoice", "feedback", "press", "legal", "partner"),
    *("returns", "account", "hardware", "software", "network", "spare-part", "trial", "renewal", "export", "spam"),
)
FEWEST_OPEN, FEWEST_WAITING = 1500, 1000
"""However small the desk: a page of every view is full, so that desks of all sizes are compared fairly."""
PRIORITIES = {0: "urgent", 1: "high", 2: "high", 3: "high", 4: "low", 5: "low"}
"""Of thirty tickets; the others are as usual."""
_EVENTS_A_MESSAGE = {"inbound": "message.received", "outbound": "message.reply_written", "note": "message.note_added"}


@dataclass(frozen=True)
class Plan:
    """What a chunk is made by: the desk's size, and the ids that its first rows got."""

    tickets: int
    statuses: dict[str, int]

    @property
    def chunks(self) -> int:
        return self.tickets // TICKETS

    @property
    def start(self) -> datetime:
        return NOW - timedelta(days=365 * YEARS)

    @property
    def step(self) -> float:
        """Seconds from one ticket to the next."""
        return YEARS * 365 * 86400 / self.tickets

    def stage(self, number: int, chance: random.Random) -> str:
        """Mostly done; what is open is mostly new."""
        is_open = max(0.03 * self.tickets, FEWEST_OPEN)
        window = max(0.05 * self.tickets, is_open * 4 / 3)
        recent = number > self.tickets - window
        share = 2 / 3 * is_open / window if recent else 1 / 3 * is_open / (self.tickets - window)
        if chance.random() < share:
            return "open"
        return "waiting" if chance.random() < max(0.02, FEWEST_WAITING / self.tickets) else "done"


@dataclass(slots=True)
class Ticket:
    id: int
    department: int
    contact: Person
    assignee: int | None
    stage: str
    category: str
    language: str
    subject: Sentence
    tags: list[int]
    created: float
    count: int
    messages: list[Said] = field(default_factory=list)

    @property
    def about(self) -> str:
        """The ticket's own words as each of its messages is indexed with them."""
        tags = " ".join(TAGS[tag - 1].replace("-", " ") for tag in self.tags)
        name = self.contact.tokens.split(" ", 2)[:2]
        return f"{1000 + self.id} {self.subject.tokens} {tags} {' '.join(name)}"


@dataclass(slots=True)
class Said:
    ticket: Ticket
    kind: str
    author: Person
    at: float
    text: str
    html: str
    tokens: str
    quoted: str
    has_file: bool
    id: int = 0


Chunk = dict[str, list[Row]]
Document = tuple[int, tuple[str, ...]]


def chunk(number: int, plan: Plan) -> tuple[Chunk, list[Document]]:
    """The rows of chunk `number` by the names of `tables.TABLES`, and the documents of its messages."""
    chance = random.Random(number * 7919 + plan.tickets)
    rows: Chunk = defaultdict(list)
    tickets = [_ticket(number * TICKETS + place + 1, count, number, plan, chance) for place, count in _counts(chance)]
    said = sorted((one for ticket in tickets for one in ticket.messages), key=lambda one: one.at)
    for place, one in enumerate(said, number * MESSAGES + 1):
        one.id = place
    _write_contacts(rows, number, plan)
    for ticket in tickets:
        _write_ticket(rows, ticket, plan)
    for one in said:
        _write_message(rows, one)
    _write_events(rows, number, tickets, plan)
    return dict(rows), [(one.id, _document(one)) for one in said]


def shown(instant: float) -> str:
    """As both databases take it."""
    return datetime.fromtimestamp(instant, UTC).isoformat(" ", "microseconds")[:26]


def _counts(chance: random.Random) -> enumerate[int]:
    """How many messages each ticket has: few mostly, sixty in some, exactly `MESSAGES` together."""
    rest = TICKETS - LONG_TICKETS
    counts = [min(1 + int(chance.expovariate(1 / 4)), 50) for _ in range(rest)]
    excess = sum(counts) + LONG * LONG_TICKETS - MESSAGES
    while excess:
        place = chance.randrange(rest)
        if excess < 0 or counts[place] > 1:
            counts[place] += 1 if excess < 0 else -1
            excess += 1 if excess < 0 else -1
    counts += [LONG] * LONG_TICKETS
    chance.shuffle(counts)
    return enumerate(counts)


def _ticket(number: int, count: int, chunk_number: int, plan: Plan, chance: random.Random) -> Ticket:
    known = CONTACTS * (chunk_number + 1)
    # Some contacts write all the time.
    contact_id = chance.randint(1, 50) if chance.random() < 0.03 else chance.randint(1, known)
    contact = people.contact(contact_id)
    department = people.home(contact_id) if chance.random() < 0.9 else chance.randint(1, people.DEPARTMENTS)
    stage = plan.stage(number, chance)
    taken = chance.random() < (0.7 if stage == "open" else 0.97)
    language = contact.language
    ticket = Ticket(
        id=number,
        department=department,
        contact=contact,
        assignee=people.assignee(chance, department) if taken else None,
        stage=stage,
        category=_category(stage, count, chance),
        language=language,
        subject=chance.choice(vocabulary.sentences(language)),
        tags=sorted(chance.sample(range(1, len(TAGS) + 1), chance.randint(1, 2))) if chance.random() < 0.3 else [],
        created=plan.start.timestamp() + (number + chance.random() - 1) * plan.step,
        count=count,
    )
    _converse(ticket, plan, chance)
    return ticket


def _category(stage: str, count: int, chance: random.Random) -> str:
    if stage == "open":
        return "new" if count == 1 else "open"
    if stage == "waiting":
        return "pending" if chance.random() < 0.8 else "on_hold"
    return "resolved" if chance.random() < 0.3 else "closed"


def _converse(ticket: Ticket, plan: Plan, chance: random.Random) -> None:
    at, last = ticket.created, ""
    latest = NOW.timestamp() - 1
    for place in range(ticket.count):
        kind = "inbound" if not place else _kind(last, chance)
        at = min(at + (chance.expovariate(1 / 20_000) if place else 0), latest - chance.random())
        ticket.messages.append(_said(ticket, kind, at, place, plan, chance))
        last = kind if kind != "note" else last
    ticket.messages.sort(key=lambda one: one.at)


def _kind(last: str, chance: random.Random) -> str:
    drawn = chance.random()
    if drawn < 0.12:
        return "note"
    return "outbound" if (last == "inbound") == (drawn < 0.85) else "inbound"


def _said(ticket: Ticket, kind: str, at: float, place: int, plan: Plan, chance: random.Random) -> Said:
    parts = chance.choices(vocabulary.sentences(ticket.language), k=chance.randint(1, 4) + (not place))
    parts += _special(ticket, place, plan, chance)
    text = "\n".join(part.text for part in parts)
    html = "".join(f"<p>{escape(part.text)}</p>" for part in parts)
    if chance.random() < 0.1:
        html = html.replace("</p>", ' <b>!</b> <a href="https://nordvik.example/help">nordvik</a></p>', 1)
    agent = ticket.assignee or people.WHOLE_DESK
    author = ticket.contact if kind == "inbound" else people.agent(agent)
    tokens = " ".join(part.tokens for part in parts)
    quoted = ticket.messages[-1].text if ticket.count == LONG and place else ""
    return Said(ticket, kind, author, at, text, html, tokens, quoted, chance.random() < 0.04)


def _special(ticket: Ticket, place: int, plan: Plan, chance: random.Random) -> list[Sentence]:
    """Words that the search is asked for."""
    found: list[Sentence] = []
    if chance.random() < 0.5:
        found.append(_SPECIAL[vocabulary.IN_HALF])
    if chance.random() < 1 / vocabulary.ONE_IN_PHRASE:
        found.append(_SPECIAL[vocabulary.PHRASE])
    if chance.random() < 0.1:
        code = f"NV{ticket.id * 64 + place}"
        found.append(Sentence(f"{code}.", code.lower()))
    if ticket.department == people.DEPARTMENTS and chance.random() < 0.3:
        found.append(_SPECIAL[vocabulary.CLOSED])
    if not place and ticket.id % (plan.tickets // 20) == 7:
        found.append(_SPECIAL[vocabulary.RARE])
    if not place and ticket.id in (11, 42, 77):
        found.append(_SPECIAL[vocabulary.OLD])
    return found


_SPECIAL = {
    words: vocabulary.sentence(words, "en")
    for words in (vocabulary.IN_HALF, vocabulary.PHRASE, vocabulary.CLOSED, vocabulary.RARE, vocabulary.OLD)
}


def _document(one: Said) -> tuple[str, ...]:
    ticket = one.ticket
    marks = [mark("d", ticket.department), mark("k", ticket.id), mark(one.kind[0])]
    marks += [mark("t", tag) for tag in ticket.tags]
    marks += [mark("a")] if one.has_file else []
    marks += one.author.marks
    files = "photo jpg" if one.has_file else ""
    return tuple(
        f"{ticket.about} {' '.join(marks)} {one.tokens} {marks[0]} {marks[0]} {one.author.tokens} {files}".split()
    )


def _write_contacts(rows: Chunk, number: int, plan: Plan) -> None:
    at = shown(plan.start.timestamp() + number * TICKETS * plan.step)
    for contact_id in range(number * CONTACTS + 1, (number + 1) * CONTACTS + 1):
        person = people.contact(contact_id)
        rows["contacts"].append((contact_id, person.name, person.language, at))
        rows["identities"].append((contact_id, contact_id, "email", person.address, at))
        rows["contact_words"] += [
            (word, people.home(contact_id), contact_id) for word in sorted(people.contact_words(person))
        ]


def _write_ticket(rows: Chunk, ticket: Ticket, plan: Plan) -> None:
    public = [one for one in ticket.messages if one.kind != "note"]
    last, is_done = public[-1], ticket.stage == "done"
    active = shown(last.at)
    waiting = active if ticket.stage == "open" and last.kind == "inbound" else None
    rows["tickets"].append((
        ticket.id, 1000 + ticket.id, ticket.subject.text, plan.statuses[ticket.category],
        PRIORITIES.get(ticket.id % 30, "normal"), ticket.department, ticket.assignee,
        ticket.contact.id, "email", ticket.language, shown(ticket.created), active if is_done else None,
        ticket.stage, active, last.author.name, last.kind, last.text[:200].replace("\n", " "), waiting,
        int(waiting is not None and ticket.id % 2), len(ticket.messages),
    ))  # fmt: skip
    rows["tags"] += [(ticket.id * 2 + place, ticket.id, tag) for place, tag in enumerate(ticket.tags)]
    rows["mailboxes"].append((ticket.id, ticket.id, ticket.department))
    if not ticket.id % 10:
        other = ticket.contact.id % CONTACTS + 1
        rows["participants"].append((ticket.id, ticket.id, other, shown(ticket.created)))


def _write_message(rows: Chunk, one: Said) -> None:
    ticket, at = one.ticket, shown(one.at)
    is_inbound, is_outbound = one.kind == "inbound", one.kind == "outbound"
    digest = blake2b(b"%d" % one.id, digest_size=31).hexdigest()
    quoted = f"<p>{escape(one.quoted)}</p>" if one.quoted else ""
    rows["messages"].append((
        one.id, ticket.id, one.kind, "email", one.author.id if is_inbound else None,
        None if is_inbound else one.author.id, one.author.name, one.author.address, one.html, one.text, quoted,
        one.quoted, ticket.language, "sender" if is_inbound else "", f"{digest}ff" if is_inbound else "", at, at,
        "sent" if is_outbound else "", at if is_outbound else None, at if is_outbound else None,
    ))  # fmt: skip
    if one.has_file:
        rows["files"].append((one.id, one.id, "photo.jpg", "image/jpeg", 48_211, f"{digest}aa", "clean"))
    if is_inbound:
        first = one is ticket.messages[0]
        rows["raw_mails"].append((
            one.id, ticket.department, "imap", f"{digest}ff", 4096, f"{digest}dd", f"{digest}cc", one.author.address,
            at, "opened" if first else "joined", one.id, "sender", "done", at, 1,
        ))  # fmt: skip
        rows["known_ids"].append((one.id, ticket.department, f"{digest}ee", f"{digest[:20]}@mail.example", one.id))
        if first:
            _write_mail_out(rows, one, at, "acknowledgement")
            rows["automatic"].append((ticket.id, one.author.address, ticket.id, at))
    elif is_outbound:
        _write_mail_out(rows, one, at, "reply")


def _write_mail_out(rows: Chunk, one: Said, at: str, kind: str) -> None:
    ticket = one.ticket
    mail_id = f"{ticket.id}.{kind[0]}{one.id}.{blake2b(b'%d' % one.id, digest_size=13).hexdigest()}@nordvik.example"
    subject = f"[#{1000 + ticket.id}] {ticket.subject.text}"
    rows["outbox"].append(
        (one.id, kind, ticket.id, one.id, ticket.contact.id, ticket.department, mail_id, subject, at, "done", at, 1)
    )


def _write_events(rows: Chunk, number: int, tickets: list[Ticket], plan: Plan) -> None:
    told = sorted((event for ticket in tickets for event in _events(ticket, plan)), key=lambda event: event[0])
    assert len(told) <= MOST_EVENTS, len(told)
    for place, (at, kind, actor, actor_id, ticket, data) in enumerate(told, number * MOST_EVENTS + 1):
        where = {"ticket_id": ticket.id, "department_id": ticket.department}
        origin = {"contact": "channel", "system": "channel", "agent": "web"}[actor]
        rows["events"].append((
            place, place, shown(at), kind, actor, actor_id, ticket.id, "ticket", ticket.id, origin,
            json.dumps(where | data),
        ))  # fmt: skip


Told = tuple[float, str, str, int | None, Ticket, dict[str, object]]


def _events(ticket: Ticket, plan: Plan) -> list[Told]:
    asks, first = ticket.contact.id, ticket.messages[0]
    agent = ticket.assignee or people.WHOLE_DESK
    opened: dict[str, object] = {"channel": "email", "contact_id": asks}
    told: list[Told] = [(ticket.created, "ticket.opened", "contact", asks, ticket, opened)]
    told.append((ticket.created + 0.01, "ticket.acknowledged", "system", None, ticket, {}))
    for one in ticket.messages:
        actor, actor_id = ("contact", asks) if one.kind == "inbound" else ("agent", agent)
        data: dict[str, object] = {"message_id": one.id}
        data |= {"automatic": False, "first": one is first} if one.kind == "inbound" else {}
        told.append((one.at + 0.001, _EVENTS_A_MESSAGE[one.kind], actor, actor_id, ticket, data))
        if one.kind == "outbound":
            sent = {"message_id": one.id, "delivery": "sent"}
            told.append((one.at + 10, "message.delivery_changed", "system", None, ticket, sent))
    last = ticket.messages[-1].at
    if ticket.assignee:
        taken: dict[str, object] = {"before": None, "after": agent}
        told.append((ticket.created + 60, "ticket.assigned", "agent", agent, ticket, taken))
    if ticket.category != "new":
        change: dict[str, object] = {
            "before": plan.statuses["new"], "after": plan.statuses[ticket.category],
            "category_before": "new", "category_after": ticket.category,
        }  # fmt: skip
        told.append((last + 5, "ticket.status_changed", "agent", agent, ticket, change))
    return told
