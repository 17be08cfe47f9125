"""Slots of a screen and places of the rail that other domains fill."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from tugi.core import panels, places
from tugi.core.errors import NotFound


@pytest.fixture(autouse=True)
def _nothing_registered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(panels, "_slots", {})
    monkeypatch.setattr(places, "_menus", {})
    yield


def toast(text: str) -> panels.Build:
    def build(request: HttpRequest, subject: Any) -> panels.Panel:
        return panels.Panel("core/_refusal.html", {"error": NotFound(f"{text} {subject}"), "status": 404})

    return build


def test_panels_come_in_their_order_and_know_the_subject() -> None:
    panels.register("ticket.sidebar", toast("second"), order=20)
    panels.register("ticket.sidebar", toast("first"), order=10)
    shown = panels.render(RequestFactory().get("/"), "ticket.sidebar", 42)
    assert shown.index("first 42") < shown.index("second 42")


def test_a_panel_may_stay_away_and_an_empty_slot_is_nothing() -> None:
    panels.register("ticket.sidebar", lambda request, subject: None)
    assert panels.render(RequestFactory().get("/"), "ticket.sidebar", None) == ""
    assert panels.render(RequestFactory().get("/"), "nowhere", None) == ""


def test_registering_twice_shows_once() -> None:
    build = toast("once")
    panels.register("slot", build)
    panels.register("slot", build)
    assert panels.render(RequestFactory().get("/"), "slot", "").count("once") == 1


def test_the_rail_has_the_places_one_may_enter() -> None:
    places.register(places.Place("late", "Late", "gear", "x", order=9))
    places.register(places.Place("early", "Early", "gear", "x", order=1))
    places.register(places.Place("closed", "Closed", "gear", "x", open_to=lambda request: False))
    assert [place.name for place in places.open_to(RequestFactory().get("/"))] == ["early", "late"]
