"""How the demo's conversations are written down.

    scenario(
        "[Where is|Any news of] order {order}?",
        SUPPORT,
        asks("I ordered a {lamp} lamp {days} days ago …"),
        answers("It is in {city} since this morning.", then=RESOLVED),
        tags="delivery",
    )

A conversation says what is said, in order; who, when and through which door is found by the teller. Words hold
`[one way|another way]` of saying a thing, and `{variables}`; `{a}` is what a woman's words end in where the
language tells (`заказал{a}`). Greetings and closings are added by `manners`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Literal

from tugi.tickets.models import Category, Priority

SUPPORT, TECHNICAL, BILLING = "support", "technical", "billing"
OPEN, PENDING, ON_HOLD, RESOLVED = Category.OPEN, Category.PENDING, Category.ON_HOLD, Category.RESOLVED
LOW, HIGH, URGENT = Priority.LOW, Priority.HIGH, Priority.URGENT

Verb = Literal["asks", "asks_twice", "is_away", "answers", "notes", "remarks", "moves", "sets"]
File = Literal["", "photo", "screenshot", "invoice", "list", "log"]

_WAYS = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")


@dataclass(frozen=True)
class Step:
    """One thing done. `then` is the status that follows, `to` the department moved to, `is_later` after days."""

    verb: Verb
    text: str = ""
    file: File = ""
    then: Category | None = None
    to: str = ""
    is_later: bool = False

    @property
    def is_customers(self) -> bool:
        return self.verb in ("asks", "asks_twice", "is_away")


@dataclass(frozen=True)
class Scenario:
    """One conversation. The first step is the customer's."""

    subject: str
    department: str
    steps: tuple[Step, ...]
    tags: tuple[str, ...]
    priority: Priority


def scenario(
    subject: str, department: str, *steps: Step, tags: str = "", priority: Priority = Priority.NORMAL
) -> Scenario:
    assert steps[0].verb == "asks", subject
    return Scenario(subject, department, steps, tuple(tags.split()), priority)


def asks(text: str, file: File = "") -> Step:
    """The customer writes."""
    return Step("asks", text, file)


def asks_later(text: str) -> Step:
    """The customer writes when some days have passed."""
    return Step("asks", text, is_later=True)


def asks_twice(text: str) -> Step:
    """The customer opens another ticket on the same matter; the desk merges it."""
    return Step("asks_twice", text)


def is_away() -> Step:
    """The customer's machine answers that nobody is there."""
    return Step("is_away")


def answers(text: str, then: Category = PENDING, file: File = "") -> Step:
    """The assignee replies."""
    return Step("answers", text, file, then)


def notes(text: str) -> Step:
    """The assignee leaves an internal note."""
    return Step("notes", text)


def remarks(text: str) -> Step:
    """A colleague leaves an internal note."""
    return Step("remarks", text)


def moves(to: str, text: str) -> Step:
    """The assignee says why in a note and hands the ticket to another department."""
    return Step("moves", text, to=to)


def sets(then: Category) -> Step:
    """The assignee sets a status without a word."""
    return Step("sets", then=then)


def render(text: str, words: Mapping[str, str], rng: Random) -> str:
    """The text with one of its ways chosen and its variables filled in."""
    return _WAYS.sub(lambda found: rng.choice(found[1].split("|")), text).format_map(words)
