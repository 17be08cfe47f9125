"""The desk's main places, shown in the rail. Each domain registers its own at start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise


def everybody(request: HttpRequest) -> bool:
    """The place is open to every signed-in agent."""
    return True


@dataclass(frozen=True)
class Place:
    """`name` is what a page puts in its block `place` to be shown as current; `route` a URL name."""

    name: str
    label: str | Promise
    icon: str
    route: str
    order: int = 100
    key: str = ""
    at_end: bool = False
    open_to: Callable[[HttpRequest], bool] = everybody

    @property
    def href(self) -> str:
        return reverse(self.route)


_menus: dict[str, dict[str, Place]] = {}


def register(place: Place, *, menu: str = "rail") -> None:
    """Add the place to a menu ("rail" or "settings"); the same name again replaces it."""
    _menus.setdefault(menu, {})[place.name] = place


def open_to(request: HttpRequest, menu: str = "rail") -> list[Place]:
    """The places of a menu that this reader may enter, in their order."""
    found = [place for place in _menus.get(menu, {}).values() if place.open_to(request)]
    return sorted(found, key=lambda place: place.order)
