"""The display text of rows that facts name by kind and id. Each domain registers how to look its own up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from django.utils.translation import gettext as _

from tugi.events.facts import Names

Resolver = Callable[[set[int]], Mapping[int, str]]

Finder = Callable[[int], int | None]

_resolvers: dict[str, Resolver] = {}
_finders: dict[str, Finder] = {}


def register(kind: str, resolver: Resolver) -> None:
    """Let `resolver(ids) -> {id: text}` name the rows of `kind`, in one query however many there are."""
    _resolvers[kind] = resolver


def register_numbers(kind: str, finder: Finder) -> None:
    """Let `finder(number) -> id` find a row of `kind` by the number people know it by."""
    _finders[kind] = finder


def by_number(kind: str, number: int) -> int | None:
    """The id of the row with that number, if there is one."""
    return _finders[kind](number) if kind in _finders else None


def of_kind(kind: str, ids: set[int]) -> Mapping[int, str]:
    """The names of those rows of one kind that are there."""
    return _resolvers[kind](ids) if kind in _resolvers else {}


class Wanted:
    """Stands in for the names while sentences are read once to learn which names they need."""

    def __init__(self) -> None:
        self.keys: set[tuple[str, int]] = set()

    def __call__(self, kind: str, key: int | None, /) -> str:
        if key is not None:
            self.keys.add((kind, key))
        return ""


def resolve(keys: Iterable[tuple[str, int]]) -> Names:
    """Look all of `keys` up, one batch a kind, and give what turns each into its text."""
    ids: dict[str, set[int]] = defaultdict(set)
    for kind, key in keys:
        ids[kind].add(key)
    found = {kind: _resolvers[kind](wanted) for kind, wanted in ids.items() if kind in _resolvers}

    def name(kind: str, key: int | None, /) -> str:
        if key is None:
            return _("nobody")
        return found.get(kind, {}).get(key) or _("#%(id)s, no longer here") % {"id": key}

    return name
