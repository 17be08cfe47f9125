"""Filling an empty desk: its people first, then all conversations side by side, in the order of time."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle, islice
from random import Random

from django.db import transaction

from tugi.channels.email.actions import add_mailbox
from tugi.core import clock
from tugi.core.models import DeskSettings
from tugi.events import actors
from tugi.events.models import Event
from tugi.people.actions import add_agent, add_department, add_organisation, change_department, change_profile
from tugi.people.models import Agent, Department
from tugi.setup.actions import FirstDesk, record_filling, set_up_desk
from tugi.setup.demo import (
    cast,
    conversations_en,
    conversations_et,
    conversations_ro,
    conversations_ru,
)
from tugi.setup.demo.hours import arrivals
from tugi.setup.demo.indexing import index_everything
from tugi.setup.demo.script import SUPPORT, Scenario
from tugi.setup.demo.story import Desk, Story
from tugi.setup.events import DeskFilled
from tugi.tickets.models import Category, Status, Ticket

TICKETS = 320
WEEKS = timedelta(weeks=5)
LATELY, LATEST = timedelta(hours=7), 14
"""So many conversations begin in these last hours, whatever the hour: a desk where nothing is new looks dead."""
FOUNDED_BEFORE = timedelta(days=3)
SHARES = ("en", "ru", "en", "ro", "et")
SCENARIOS = {
    "en": conversations_en.SCENARIOS,
    "ru": conversations_ru.SCENARIOS,
    "ro": conversations_ro.SCENARIOS,
    "et": conversations_et.SCENARIOS,
}

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """What is to be told: the stories in the order in which they begin, up to the present."""

    stories: list[Story]
    founded: datetime
    until: datetime


def is_empty() -> bool:
    """Whether nobody has set this desk up and nothing has come to it."""
    return not DeskSettings.load().is_set_up and not Agent.objects.exists() and not Ticket.objects.exists()


def is_filled() -> bool:
    """Whether this desk is a demo."""
    return Event.objects.filter(subject_kind="desk", subject_id=1, kind=DeskFilled.kind).exists()


def plan(*, seed: int, now: datetime, tickets: int = TICKETS) -> Plan:
    """The same for the same seed and moment."""
    rng = Random(f"{seed}")  # noqa: S311 - chooses words, guards nothing
    until, start = now - timedelta(minutes=1), now - WEEKS
    latest = min(LATEST, tickets // 4)
    starts = arrivals(tickets - latest, start, until - LATELY, rng)
    starts += sorted(until - LATELY * rng.random() for _place in range(latest))
    casting = {language: _cast(language, rng) for language in SCENARIOS}
    languages = list(islice(cycle(SHARES), tickets))
    rng.shuffle(languages)
    stories = []
    for place, (moment, language) in enumerate(zip(starts, languages, strict=True)):
        scenario, customer = next(casting[language])
        # Whoever signs in first finds something to do.
        taker = cast.ADMIN if place >= tickets - latest and language in cast.ADMIN.speaks else None
        stories.append(Story(scenario, customer, moment, Random(f"{seed}:{place}"), taker))  # noqa: S311
    return Plan(stories, founded=start - FOUNDED_BEFORE, until=until)


def fill(told: Plan, *, password: str, tell: Tell) -> None:
    """Make the people and tell the stories, all or nothing."""
    with transaction.atomic():
        with clock.pretend(told.founded):
            tell("Company, departments, agents and mailboxes …")
            desk = found_desk(password)
        play(told, desk, tell)
        tell("Search index …")
        index_everything()
        with clock.pretend(told.until):
            record_filling(Ticket.objects.count(), actor=actors.system("import"))


def found_desk(password: str) -> Desk:
    """Set the desk up as its administrator would, and let the others in."""
    first = FirstDesk(
        company=cast.COMPANY,
        language="en",
        time_zone=cast.TIME_ZONE,
        name=cast.ADMIN.name,
        email=cast.ADMIN.address,
        password=password,
        address=cast.MAILBOXES[SUPPORT],
    )
    admin = set_up_desk(first)
    by = actors.agent(admin.pk, "import")
    departments = {SUPPORT: Department.objects.get()}
    for key, name in cast.DEPARTMENTS.items():
        if key not in departments:
            departments[key] = add_department(name=name, actor=by)
            add_mailbox(address=cast.MAILBOXES[key], display_name=cast.COMPANY, department=departments[key], actor=by)
    agents = {admin.email: admin}
    for worker in cast.WORKERS[1:]:
        agents[worker.address] = _add(worker, departments, password, by)
    for organisations in cast.ORGANISATIONS.values():
        for name, domain in organisations.items():
            add_organisation(name=name, domains=[domain], actor=by)
    statuses = {category: Status.objects.first_of(category) for category in Category}
    mailboxes = {key: departments[key].mailboxes.get() for key in departments}
    return Desk(agents, departments, mailboxes, statuses)


def play(told: Plan, desk: Desk, tell: Tell) -> None:
    """Let whichever story is due next act at its moment, until the present is reached."""
    queue: list[tuple[datetime, int, Iterator[datetime]]] = []
    for place, story in enumerate(told.stories):
        telling = story.tell(desk)
        queue.append((next(telling), place, telling))
    heapq.heapify(queue)
    begun, all_of_them = 0, len(queue)
    while queue and queue[0][0] <= told.until:
        moment, place, telling = heapq.heappop(queue)
        if moment == told.stories[place].start:
            begun += 1
            if begun % 80 == 0 or begun == all_of_them:
                tell(f"{begun} of {all_of_them} conversations …")
        with clock.pretend(moment):
            following = next(telling, None)
        if following is not None:
            heapq.heappush(queue, (following, place, telling))


def _cast(language: str, rng: Random) -> Iterator[tuple[Scenario, cast.Customer]]:
    """Scenarios and customers in turn, each in an order of its own, so that pairs seldom meet again."""
    scenarios, people = list(SCENARIOS[language]), cast.customers(language)
    rng.shuffle(scenarios)
    rng.shuffle(people)
    return zip(cycle(scenarios), cycle(people), strict=False)


def _add(worker: cast.Worker, departments: dict[str, Department], password: str, by: actors.Actor) -> Agent:
    agent = add_agent(
        email=worker.address,
        name=worker.name,
        password=password,
        language=worker.speaks[0],
        time_zone=cast.TIME_ZONE,
        grants=[(worker.role, departments[key]) for key in worker.departments],
        actor=by,
    )
    change_profile(agent.pk, signature=f"{worker.name}\n{cast.COMPANY}", actor=by)
    if worker.heads:
        department = departments[worker.heads]
        change_department(department.pk, name=department.name, head=agent, is_active=True, actor=by)
    return agent
