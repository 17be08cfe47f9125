"""Who listens to the log. A consumer touches only the database; the outside world is for senders.

Each app keeps its own in `consumers.py`. A name stands for a cursor in the database: never reuse one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured

from tugi.events.facts import Fact
from tugi.events.models import Event

Handler = Callable[[Event, Fact], None]


@dataclass(frozen=True)
class Consumer:
    """`kinds` None means every kind. `imports` False leaves out what an import wrote.

    A consumer met for the first time starts at the present end of the log, or at its very beginning
    where `from_start` says so.
    """

    name: str
    handle: Handler
    kinds: frozenset[str] | None
    from_start: bool
    imports: bool


_registry: dict[str, Consumer] = {}


def consumer(
    name: str, *, on: Iterable[type[Fact]] | None = None, from_start: bool = False, imports: bool = True
) -> Callable[[Handler], Handler]:
    """Register `handle(event, fact)` under `name` for the given facts, or for all of them.

    It runs inside a transaction that also moves its cursor: what it writes happens exactly once, and
    whatever it raises undoes it. Raises ImproperlyConfigured for a name that is taken.
    """

    def register(handle: Handler) -> Handler:
        if name in _registry:
            raise ImproperlyConfigured(f"there is already a consumer “{name}”")
        kinds = None if on is None else frozenset(fact.kind for fact in on)
        _registry[name] = Consumer(name, handle, kinds, from_start, imports)
        return handle

    return register


def consumers() -> Mapping[str, Consumer]:
    """Every registered consumer by its name."""
    return dict(_registry)
