from __future__ import annotations

from typing import Any

import pytest

from tugi.events import names, timeline
from tugi.events.actors import agent, system
from tugi.events.log import append
from tugi.events.models import Event
from tugi.events.tests.probes import Colour, Opened, Painted, paint

pytestmark = pytest.mark.django_db

AGENTS = {3: "Ben", 4: "Cleo"}


def painted(by_id: int | None, actor_id: int = 3) -> Event:
    return append(Painted(1, None, Colour.RED, by_id=by_id), actor=agent(actor_id))


def test_an_entry_reads_as_a_sentence_with_names() -> None:
    names.register("agent", lambda ids: {key: AGENTS[key] for key in ids})
    event = painted(by_id=4)

    (entry,) = timeline.of_ticket(1)

    assert (entry.actor, entry.sentence) == ("Ben", "painted it red for Cleo")
    assert (entry.id, entry.at, entry.kind, entry.public) == (event.id, event.at, "probe.painted", True)


def test_each_kind_of_name_is_looked_up_once(django_assert_num_queries: Any) -> None:
    looked_up: list[set[int]] = []

    def resolve(ids: set[int]) -> dict[int, str]:
        looked_up.append(ids)
        return AGENTS

    names.register("agent", resolve)
    for by_id in (3, 4, 4, None):
        painted(by_id)

    with django_assert_num_queries(1):
        timeline.of_ticket(1)

    assert looked_up == [{3, 4}]


def test_nobody_and_those_who_are_gone_have_words_too() -> None:
    painted(by_id=None)
    painted(by_id=9)
    paint(1, actor=system())

    sentences = [(entry.actor, entry.sentence) for entry in timeline.of_ticket(1)]

    assert sentences == [
        ("#3, no longer here", "painted it red for nobody"),
        ("#3, no longer here", "painted it red for #9, no longer here"),
        ("Tugi", "painted it red for nobody"),
    ]


def test_the_timeline_shows_what_is_not_stamped_yet_oldest_first() -> None:
    ids = [paint(1).id, paint(1).id]
    paint(2)

    assert [entry.id for entry in timeline.of_ticket(1)] == ids


def test_pages_go_back_in_time() -> None:
    ids = [paint(1).id for _ in range(5)]

    latest = timeline.of_ticket(1, limit=2)
    earlier = timeline.of_ticket(1, limit=2, before=latest[0].id)

    assert [entry.id for entry in latest] == ids[3:]
    assert [entry.id for entry in earlier] == ids[1:3]


def test_customers_see_public_facts_only() -> None:
    append(Opened(1), actor=system())
    public = paint(1)
    Event(
        kind="plugin.gone", actor_kind="system", origin="web", ticket_id=1, subject_kind="ticket", subject_id=1
    ).save()

    assert len(timeline.of_ticket(1)) == 2
    assert [entry.id for entry in timeline.of_ticket(1, public_only=True)] == [public.id]
