from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from tugi.events import facts
from tugi.events.facts import Fact, Names, UnknownFact, fact
from tugi.events.tests.probes import Colour, Opened, Painted

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ANY_SUBJECT = ("ticket", 1)


def make(**attributes: Any) -> type[Fact]:
    """A fact's class that says all it must, but for what `attributes` replace."""

    def sentence(self: Fact, name: Names) -> str:
        return "said"

    body = {"__doc__": "Said.", "__annotations__": {"ticket_id": int}, "sentence": sentence, **attributes}
    return dataclass(frozen=True)(type("Said", (Fact,), body))


def test_a_fact_comes_back_from_json_with_its_types() -> None:
    painted = Painted(7, Colour.RED, Colour.BLUE, by_id=3, until=NOON, layers=(1, 2))

    data = painted.to_data()

    assert data == {
        "ticket_id": 7,
        "before": "red",
        "after": "blue",
        "by_id": 3,
        "until": "2026-11-21T12:00:00+00:00",
        "layers": [1, 2],
    }
    assert facts.read("probe.painted", data, ANY_SUBJECT) == painted


def test_a_row_from_before_a_field_was_added_takes_its_default() -> None:
    old = {"ticket_id": 7, "before": None, "after": "blue"}

    assert facts.read("probe.painted", old, ANY_SUBJECT) == Painted(7, None, Colour.BLUE)


def test_a_field_of_a_newer_version_is_left_out() -> None:
    assert facts.read("probe.shop.opened", {"shop_id": 1, "new": 2}, ANY_SUBJECT) == Opened(1)


def test_a_word_that_an_enumeration_has_lost_still_reads() -> None:
    read = facts.read("probe.painted", {"ticket_id": 7, "before": None, "after": "mauve"}, ANY_SUBJECT)

    assert isinstance(read, Painted)
    assert read.after == "mauve"


def test_an_unknown_kind_still_reads() -> None:
    read = facts.read("plugin.gone", {"x": 1}, ("thing", 5))

    assert isinstance(read, UnknownFact)
    assert (read.subject, read.to_data(), read.public) == (("thing", 5), {"x": 1}, False)
    assert read.sentence(lambda kind, key: "") == "plugin.gone"


@pytest.mark.parametrize(
    "wrong",
    [
        Painted("7", None, Colour.RED),  # type: ignore[arg-type]
        Painted(True, None, Colour.RED),
        Painted(7, None, None),  # type: ignore[arg-type]
        Painted(7, None, "red"),  # type: ignore[arg-type]
        Painted(7, None, Colour.RED, layers=("one",)),  # type: ignore[arg-type]
    ],
)
def test_a_value_of_another_type_is_refused(wrong: Painted) -> None:
    with pytest.raises(TypeError, match="not of type"):
        wrong.to_data()


def test_the_subject_is_the_ticket_unless_told_otherwise() -> None:
    assert Painted(7, None, Colour.RED).subject == ("ticket", 7)
    assert Opened(3).subject == ("shop", 3)


def test_registering_gives_the_class_its_kind() -> None:
    cls = fact("probe.said", public=True)(make())

    assert (cls.kind, cls.public, facts.fact_class("probe.said")) == ("probe.said", True, cls)
    assert set(facts.kinds()) == {"probe.painted", "probe.shop.opened", "probe.said"}


@pytest.mark.parametrize("kind", ["said", "Probe.said", "probe.", "probe said", "probe.said!", ""])
def test_a_misspelt_kind_is_refused(kind: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"noun\.past_verb"):
        fact(kind, public=True)(make())


def test_a_taken_kind_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="already the kind of Painted"):
        fact("probe.painted", public=True)(make())


@pytest.mark.parametrize(
    ("attributes", "complaint"),
    [
        ({"__doc__": None}, "has no docstring"),
        ({"sentence": Fact.sentence}, "has no sentence"),
        ({"__annotations__": {"shop_id": int}}, "names no subject"),
        ({"erases": ("name",)}, "erases what it does not hold"),
    ],
)
def test_a_fact_that_says_too_little_about_itself_is_refused(attributes: Any, complaint: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=complaint):
        fact("probe.said", public=True)(make(**attributes))


def test_a_fact_that_may_change_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="not a frozen dataclass"):
        fact("probe.said", public=True)(type("Said", (Fact,), {"ticket_id": 1}))
