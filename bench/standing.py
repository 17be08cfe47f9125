"""What a built desk needs besides its conversations: people, mailboxes, known words, a log that is read to its end."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models import Max

from bench import conversations, people, vocabulary
from tugi.channels.email.models import Mailbox
from tugi.core.models import Counter, DeskSettings
from tugi.events.consumers import consumers
from tugi.events.models import Cursor, Event, Head
from tugi.people import contact_search, roles
from tugi.people.models import Agent, Department, Role, RoleGrant
from tugi.tickets.models import Tag, Ticket
from tugi.tickets.search import words

_ADD_TYPO = "INSERT INTO people_contacttypo (variant, word) VALUES (%s, %s) ON CONFLICT DO NOTHING"


@transaction.atomic
def settle(plan: conversations.Plan) -> None:
    """Done again after an interruption, it changes nothing."""
    DeskSettings.objects.update_or_create(id=1, defaults={"company": "Nordvik", "set_up_at": conversations.NOW})
    _add_people()
    Tag.objects.bulk_create(
        (Tag(pk=pk, name=name) for pk, name in enumerate(conversations.TAGS, 1)), ignore_conflicts=True
    )
    _learn()
    _read_the_log()
    if connection.vendor == "sqlite":
        last = Ticket.objects.aggregate(last=Max("number"))["last"]
        Counter.objects.update_or_create(name="ticket", defaults={"value": last})
    else:
        _let_numbers_go_on()


def _add_people() -> None:
    now = conversations.NOW
    numbers = range(1, people.DEPARTMENTS + 1)
    Department.objects.bulk_create(
        (Department(pk=pk, name=f"Department {pk:02}", position=pk) for pk in numbers), ignore_conflicts=True
    )
    Mailbox.objects.bulk_create(
        (
            Mailbox(pk=pk, address=f"support{pk}@nordvik.example", department_id=pk, authserv_id="mx.nordvik.example",
                    created_at=now)
            for pk in numbers
        ),
        ignore_conflicts=True,
    )  # fmt: skip
    everybody = [people.agent(pk) for pk in range(1, people.AGENTS + 1)]
    Agent.objects.bulk_create(
        (Agent(pk=one.id, name=one.name, email=f"agent{one.id}@nordvik.example", joined_at=now) for one in everybody),
        ignore_conflicts=True,
    )
    role = Role.objects.get(slug=roles.AGENT)
    grants = [
        RoleGrant(agent_id=one.id, role=role, department_id=department)
        for one in everybody
        for department in people.departments_of(one.id) or (None,)
    ]
    RoleGrant.objects.bulk_create(grants, ignore_conflicts=True)


def _learn() -> None:
    for language in vocabulary.LANGUAGES:
        known = [(language, word) for word in vocabulary.words(language)]
        for start in range(0, len(known), 1000):
            words.learn(known[start : start + 1000])
    special = (vocabulary.IN_HALF, vocabulary.RARE, vocabulary.OLD, vocabulary.CLOSED, *vocabulary.PHRASE.split())
    words.learn((language, word) for word in special for language in ("en", "ro", "et"))
    names = {word for number in range(1, 3001) for word in people.contact_words(people.contact(number))}
    with connection.cursor() as cursor:
        cursor.executemany(_ADD_TYPO, sorted(contact_search._typos(names)))


def _read_the_log() -> None:
    last = Event.objects.aggregate(last=Max("seq"))["last"]
    Head.objects.update_or_create(id=1, defaults={"seq": last})
    for name in consumers():
        Cursor.objects.update_or_create(consumer=name, defaults={"seq": last})


def _let_numbers_go_on() -> None:
    with connection.cursor() as cursor:
        for model in (Department, Mailbox, Agent, RoleGrant, Tag):
            table = model._meta.db_table
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))"  # noqa: S608
            )
