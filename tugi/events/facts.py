"""What can be said in the log. One frozen dataclass per kind stands beside its domain in `events.py`.

A fact holds ids and before/after of small fields: no message bodies, no confidential titles, no
secrets. A kind is never renamed nor given another meaning; fields may be added if they have a default.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, ClassVar, Protocol, TypeVar

from django.core.exceptions import ImproperlyConfigured

from tugi.events import fields as field_types

KIND = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")


class Names(Protocol):
    """Gives the display text of one row of a kind, such as `name("agent", 7)`."""

    def __call__(self, kind: str, key: int | None, /) -> str: ...


class Fact:
    """Something that happened. Subclasses are frozen dataclasses registered with `@fact`."""

    kind: ClassVar[str]
    public: ClassVar[bool]
    erases: ClassVar[tuple[str, ...]] = ()
    """Fields whose values are personal, and go when the person is erased."""

    @property
    def subject(self) -> tuple[str, int]:
        """Kind and id of what this is about: the ticket, where not told otherwise."""
        return "ticket", getattr(self, "ticket_id")  # noqa: B009  a field of the subclass

    def sentence(self, name: Names) -> str:
        """The line of the timeline, after the actor's name, in the active language."""
        raise NotImplementedError

    def to_data(self) -> dict[str, Any]:
        """The fields as JSON can hold them. Raises TypeError for a value that is not of its type."""
        return field_types.to_data(self)


@dataclass(frozen=True)
class UnknownFact(Fact):
    """A stored kind that this version does not know: written by a newer one, or by a removed plug-in."""

    stored_kind: str
    data: Mapping[str, Any]
    subject_kind: str
    subject_id: int

    public = False

    @property
    def subject(self) -> tuple[str, int]:
        return self.subject_kind, self.subject_id

    def sentence(self, name: Names) -> str:
        return self.stored_kind

    def to_data(self) -> dict[str, Any]:
        return dict(self.data)


F = TypeVar("F", bound=Fact)
_registry: dict[str, type[Fact]] = {}


def fact(kind: str, *, public: bool) -> Callable[[type[F]], type[F]]:
    """Register a frozen dataclass as the fact of `kind` ("noun.past_verb").

    `public` facts may be shown to customers and sent to webhooks. Raises ImproperlyConfigured for a
    kind that is taken or misspelt, and for a class that says too little about itself.
    """

    def register(cls: type[F]) -> type[F]:
        _check(kind, cls)
        cls.kind, cls.public = kind, public
        _registry[kind] = cls
        return cls

    return register


def kinds() -> Mapping[str, type[Fact]]:
    """Every registered kind with its class."""
    return dict(_registry)


def fact_class(kind: str) -> type[Fact] | None:
    return _registry.get(kind)


def read(kind: str, data: Mapping[str, Any], subject: tuple[str, int]) -> Fact:
    """The stored fact again: unknown fields are left out, missing ones take their default."""
    cls = _registry.get(kind)
    if cls is None:
        return UnknownFact(kind, data, *subject)
    return field_types.from_data(cls, data)


def _check(kind: str, cls: type[Fact]) -> None:
    if not KIND.fullmatch(kind):
        raise ImproperlyConfigured(f"“{kind}” is not of the form noun.past_verb")
    if kind in _registry:
        raise ImproperlyConfigured(f"“{kind}” is already the kind of {_registry[kind].__qualname__}")
    for complaint in _complaints(cls):
        raise ImproperlyConfigured(f"{cls.__qualname__} ({kind}) {complaint}")


def _complaints(cls: type[Fact]) -> list[str]:
    if not is_dataclass(cls) or not cls.__dataclass_params__.frozen:
        return ["is not a frozen dataclass"]
    names = {field.name for field in fields(cls)}
    found = {
        "has no docstring": (cls.__doc__ or f"{cls.__name__}(").startswith(f"{cls.__name__}("),
        "has no sentence": cls.sentence is Fact.sentence,
        "names no subject": cls.subject is Fact.subject and "ticket_id" not in names,
        "erases what it does not hold": not names.issuperset(cls.erases),
    }
    return [complaint for complaint, holds in found.items() if holds]
