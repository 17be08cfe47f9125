"""Who listens to the log. A consumer touches only the database; the outside world is for senders.

Each app keeps its own in `consumers.py`. A name stands for a cursor in the database: never reuse one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from django.core.exceptions import ImproperlyConfigured

from tugi.events.facts import Fact
from tugi.events.models import Event

Said = tuple[Event, Fact]
Handler = Callable[[Event, Fact], None]
BatchHandler = Callable[[Sequence[Said]], None]
MOST_AT_ONCE = 25


@dataclass(frozen=True)
class Consumer:
    """`handle` takes up to `at_once` events. `kinds` None means every kind. `imports` False leaves out what
    an import wrote.

    A consumer met for the first time starts at the present end of the log, or at its very beginning
    where `from_start` says so.
    """

    name: str
    handle: BatchHandler
    at_once: int
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
        _register(name, partial(_one_by_one, handle), 1, on, from_start=from_start, imports=imports)
        return handle

    return register


def batch_consumer(
    name: str, *, on: Iterable[type[Fact]] | None = None, from_start: bool = False, imports: bool = True
) -> Callable[[BatchHandler], BatchHandler]:
    """As `consumer`, for `handle([(event, fact), …])`, which reads the rows of many events at once.

    It gets a few events or many, in their order; one at a time after a failure.
    """

    def register(handle: BatchHandler) -> BatchHandler:
        _register(name, handle, MOST_AT_ONCE, on, from_start=from_start, imports=imports)
        return handle

    return register


def consumers() -> Mapping[str, Consumer]:
    """Every registered consumer by its name."""
    return dict(_registry)


def _one_by_one(handle: Handler, said: Sequence[Said]) -> None:
    for event, fact in said:
        handle(event, fact)


def _register(
    name: str,
    handle: BatchHandler,
    at_once: int,
    on: Iterable[type[Fact]] | None,
    *,
    from_start: bool,
    imports: bool,
) -> None:
    if name in _registry:
        raise ImproperlyConfigured(f"there is already a consumer “{name}”")
    kinds = None if on is None else frozenset(fact.kind for fact in on)
    _registry[name] = Consumer(name, handle, at_once, kinds, from_start, imports)
