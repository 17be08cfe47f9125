"""Who is at the benchmark's desk: contacts and agents that follow from their numbers, so that nobody has to be kept."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache

from bench import vocabulary
from tugi.people.contact_search import _WORD as WORD
from tugi.people.contact_search import _folded as folded
from tugi.tickets.search.documents import author_words
from tugi.tickets.search.tokens import mark, tokens

DEPARTMENTS = 20
AGENTS = 200
WHOLE_DESK, IN_ONE, IN_FIVE = 1, 2, 3
"""The agents who are measured: they see the whole desk, the largest department, the five largest."""
_HOMES = random.Random(vocabulary.SEED).choices(
    range(1, DEPARTMENTS + 1), weights=[1 / rank for rank in range(1, DEPARTMENTS + 1)], k=4096
)


@dataclass(frozen=True, slots=True)
class Person:
    """`tokens` and `marks` are what the search index keeps of an author."""

    id: int
    name: str
    address: str
    language: str
    tokens: str
    marks: tuple[str, ...]


def home(contact_id: int) -> int:
    """The department that a contact mostly writes to; the first has the most (Zipf)."""
    return _HOMES[contact_id * 2_654_435_761 % 4096]


@lru_cache(maxsize=20_000)
def contact(contact_id: int) -> Person:
    chance = random.Random(contact_id)
    language = vocabulary.language(chance)
    first = vocabulary.person(chance, "en").split()[0].lower()
    domain = f"{chance.choice(vocabulary.words('en')[50:])}{contact_id % 97}.example"
    if chance.random() < 0.6:
        domain = chance.choice(("mail.example", "post.example", "inbox.example"))
    return _person(contact_id, vocabulary.person(chance, language), f"{first}.{contact_id}@{domain}", language)


@lru_cache(maxsize=AGENTS)
def agent(agent_id: int) -> Person:
    """Their messages carry no address."""
    name = vocabulary.person(random.Random(-agent_id), "en")
    return _person(agent_id, f"{name} {agent_id}", "", "en")


def departments_of(agent_id: int) -> tuple[int, ...]:
    """Where an agent works; nothing stands for the whole desk."""
    if agent_id == WHOLE_DESK:
        return ()
    if agent_id == IN_FIVE:
        return (1, 2, 3, 4, 5)
    return (1 if agent_id == IN_ONE else agent_id % DEPARTMENTS + 1,)


def assignee(chance: random.Random, department: int) -> int:
    """Who takes a ticket; those who are measured take enough to fill their pages."""
    drawn = chance.random()
    if drawn < 0.17:
        return WHOLE_DESK
    if drawn < 0.4 and department == 1:
        return IN_ONE
    if drawn < 0.35 and department <= 5:
        return IN_FIVE
    number = chance.randrange(1, AGENTS // DEPARTMENTS)
    return number * DEPARTMENTS + department - 1


def _person(person_id: int, name: str, address: str, language: str) -> Person:
    local, _at, domain = address.partition("@")
    marks = [mark("f", address), mark("g", domain)] if address else []
    marks += [mark("w", word) for word in sorted(author_words(f"{name} {local}"))]
    return Person(person_id, name, address, language, " ".join(tokens(f"{name} {address}", language)), tuple(marks))


def contact_words(person: Person) -> set[str]:
    """The words that a contact is found by, as `tugi.people.contact_search` makes them."""
    local, _at, domain = person.address.partition("@")
    texts = (person.name, local, domain.rpartition(".")[0])
    return {folded(person.address), *(folded(word) for text in texts for word in WORD.findall(text))}
