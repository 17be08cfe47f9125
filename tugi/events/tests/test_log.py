from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from tugi.events import log
from tugi.events.actors import Actor, agent, system
from tugi.events.log import ChainTooDeep, append, chain_has
from tugi.events.models import Event, LogIsAppendOnly
from tugi.events.stamping import stamp
from tugi.events.tests.probes import Colour, Opened, Painted, paint

RULE = Actor("rule", 5, "rule")


@pytest.mark.django_db
def test_an_event_says_who_did_what_to_what_and_through_which_door() -> None:
    event = append(Painted(7, None, Colour.RED), actor=agent(3, "api"))

    event = Event.objects.get(id=event.id)
    assert (event.kind, event.ticket_id, event.subject_kind, event.subject_id) == (
        "probe.painted",
        7,
        "ticket",
        7,
    )
    assert (event.actor_kind, event.actor_id, event.origin) == ("agent", 3, "api")
    assert (event.seq, event.cause_id, event.depth) == (None, None, 0)
    assert event.fact == Painted(7, None, Colour.RED)


@pytest.mark.django_db
def test_what_is_not_of_a_ticket_has_no_ticket() -> None:
    event = append(Opened(4), actor=system())

    assert (event.ticket_id, event.subject_kind, event.subject_id) == (None, "shop", 4)


@pytest.mark.django_db(transaction=True)
def test_appending_outside_a_transaction_is_refused() -> None:
    with pytest.raises(AssertionError, match="inside the action's transaction"):
        paint()


@pytest.mark.django_db
def test_a_cause_may_be_an_event_or_its_id() -> None:
    first = paint()
    second = paint(cause=first)
    third = paint(cause=second.id)

    assert (second.cause_id, second.depth) == (first.id, 1)
    assert (third.cause_id, third.depth) == (second.id, 2)


@pytest.mark.django_db
def test_a_chain_that_never_ends_is_ended() -> None:
    event = paint()
    for _ in range(log.DEEPEST):
        event = paint(cause=event)

    with pytest.raises(ChainTooDeep, match="step 17"):
        paint(cause=event)


@pytest.mark.django_db
def test_a_rule_knows_the_chain_it_is_in() -> None:
    unrelated = paint(actor=RULE)
    first = paint()
    by_rule = paint(actor=RULE, cause=first)
    later = paint(cause=by_rule)

    assert chain_has(later, RULE)
    assert chain_has(by_rule, RULE)
    assert not chain_has(first, RULE)
    assert not chain_has(later, Actor("rule", 6, "rule"))
    assert chain_has(unrelated, RULE)


@pytest.mark.django_db
def test_the_model_refuses_to_rewrite_history() -> None:
    event = paint()

    with pytest.raises(LogIsAppendOnly):
        event.save()
    with pytest.raises(LogIsAppendOnly):
        event.delete()
    with pytest.raises(LogIsAppendOnly):
        Event.objects.update(kind="x")
    with pytest.raises(LogIsAppendOnly):
        Event.objects.all().delete()
    with pytest.raises(LogIsAppendOnly):
        Event.objects.bulk_update([event], ["kind"])


def execute(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM events_event",
        "UPDATE events_event SET kind = 'other.thing'",
        "UPDATE events_event SET data = '{}'",
        "UPDATE events_event SET seq = 1, origin = 'api'",
        "UPDATE events_event SET seq = 1, cause_id = 1",
        "UPDATE events_event SET id = id + 1000",
    ],
)
def test_the_database_refuses_to_rewrite_history(change: str) -> None:
    paint()

    with pytest.raises(IntegrityError, match="append-only"):
        execute(change)


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["UPDATE events_event SET seq = seq + 1", "UPDATE events_event SET seq = NULL"])
def test_the_database_lets_an_event_be_stamped_once(change: str) -> None:
    paint()
    stamp()

    with pytest.raises(IntegrityError, match="append-only"):
        execute(change)
