from __future__ import annotations

import hashlib
from base64 import b85encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY, login
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from pytest_django import DjangoAssertNumQueries

from tugi.people import sessions
from tugi.people.models import Agent
from tugi.people.sessions import SessionStore

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ben() -> Agent:
    agent = Agent(email="ben@desk.example", name="Ben", joined_at=START)
    agent.set_password("a long enough phrase")
    agent.save()
    return agent


def sign_in(agent: Agent, store: SessionStore | None = None) -> str:
    request = HttpRequest()
    request.session = store or SessionStore()
    login(request, agent, backend=BACKEND)
    request.session.save()
    assert request.session.session_key
    return request.session.session_key


def is_open(key: str) -> bool:
    return SESSION_KEY in SessionStore(key)


def test_the_key_itself_is_not_in_the_database(ben: Agent) -> None:
    key = sign_in(ben)

    row = Session.objects.get()

    assert row.session_key == b85encode(hashlib.sha256(key.encode()).digest()).decode()
    assert len(row.session_key) == 40
    assert key not in row.session_data
    assert not is_open(row.session_key)


def test_an_agent_comes_back_by_the_key(ben: Agent) -> None:
    key = sign_in(ben)

    assert SessionStore(key)[SESSION_KEY] == str(ben.pk)
    assert SessionStore().exists(key)
    assert not SessionStore().exists("x" * 32)


def test_sign_in_changes_the_key_and_keeps_what_was_there(ben: Agent) -> None:
    before = SessionStore()
    before["draft"] = "kept"
    before.save()
    old_key = before.session_key

    key = sign_in(ben, SessionStore(old_key))

    assert key != old_key
    assert SessionStore(key)["draft"] == "kept"
    assert not SessionStore().exists(str(old_key))


def test_sign_out_removes_the_row(ben: Agent) -> None:
    key = sign_in(ben)

    SessionStore(key).flush()

    assert not Session.objects.exists()
    assert not is_open(key)


def test_twelve_idle_hours_end_it(ben: Agent, travel: time_machine.Traveller) -> None:
    key = sign_in(ben)

    travel.move_to(START + sessions.IDLE - timedelta(minutes=1))
    assert sessions.signed_in_agent(key) == ben
    travel.move_to(START + sessions.IDLE)

    assert sessions.signed_in_agent(key) is None
    assert not is_open(key)


def test_use_keeps_it_open(ben: Agent, travel: time_machine.Traveller) -> None:
    key = sign_in(ben)

    for hours in (8, 16, 24):
        travel.move_to(START + timedelta(hours=hours))
        assert is_open(key)


def test_looking_without_using_does_not_keep_it_open(ben: Agent, travel: time_machine.Traveller) -> None:
    key = sign_in(ben)

    travel.move_to(START + timedelta(hours=8))
    assert sessions.signed_in_agent(key) == ben
    travel.move_to(START + sessions.IDLE)

    assert not is_open(key)


def test_seven_days_end_it_however_busy(ben: Agent, travel: time_machine.Traveller) -> None:
    key = sign_in(ben)

    for hours in range(6, 7 * 24, 6):
        travel.move_to(START + timedelta(hours=hours))
        store = SessionStore(key)
        assert SESSION_KEY in store
        store["seen"] = hours
        store.save()
    travel.move_to(START + sessions.LONGEST)

    assert not is_open(key)


def test_a_sign_in_starts_the_seven_days_anew(ben: Agent, travel: time_machine.Traveller) -> None:
    before = SessionStore()
    before["language"] = "et"
    before.save()
    travel.move_to(START + timedelta(days=6))

    key = sign_in(ben, SessionStore(before.session_key))
    travel.move_to(START + timedelta(days=6, hours=11))
    assert is_open(key)
    travel.move_to(START + timedelta(days=6, hours=22))

    assert is_open(key)


def test_reading_twice_in_ten_minutes_writes_nothing(
    ben: Agent, travel: time_machine.Traveller, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    key = sign_in(ben)

    travel.shift(timedelta(minutes=9))
    with django_assert_num_queries(1):
        assert is_open(key)
    travel.shift(timedelta(minutes=2))
    with django_assert_num_queries(2):
        assert is_open(key)


def test_a_use_noted_late_does_not_bring_an_ended_session_back(ben: Agent, travel: time_machine.Traveller) -> None:
    key = sign_in(ben)
    store = SessionStore(key)
    travel.shift(timedelta(hours=1))
    SessionStore(key).flush()

    assert SESSION_KEY not in store
    assert not Session.objects.exists()


def test_a_session_of_nobody_follows_djangos_settings(travel: time_machine.Traveller) -> None:
    store = SessionStore()
    store["cart"] = 1
    store.save()

    travel.shift(sessions.IDLE * 2)

    assert SessionStore(store.session_key)["cart"] == 1


def test_a_changed_password_shuts_the_other_sessions_out(ben: Agent) -> None:
    key = sign_in(ben)

    ben.set_password("another long enough phrase")
    ben.save()

    assert sessions.signed_in_agent(key) is None


def test_an_inactive_agent_is_not_signed_in(ben: Agent) -> None:
    key = sign_in(ben)

    Agent.objects.update(is_active=False)

    assert sessions.signed_in_agent(key) is None


@pytest.mark.parametrize("key", ["", "x", "x" * 32, "%", "\x00" * 40, "é" * 40])
def test_an_unknown_key_is_nobody(key: str) -> None:
    assert sessions.signed_in_agent(key) is None
    assert SESSION_KEY not in SessionStore(key)


def test_ending_an_agents_sessions_leaves_the_named_one_and_other_peoples(ben: Agent) -> None:
    cleo = Agent.objects.create(email="cleo@desk.example", name="Cleo", joined_at=START)
    mine, stolen, hers = sign_in(ben), sign_in(ben), sign_in(cleo)

    assert sessions.end_sessions(ben, but=mine) == 1

    assert is_open(mine)
    assert not is_open(stolen)
    assert is_open(hers)


def test_those_still_open_are_told_in_one_query(ben: Agent, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    key, gone = sign_in(ben), sign_in(ben)
    SessionStore(gone).flush()

    with django_assert_num_queries(1):
        found = sessions.still_open([sessions.digest(key), sessions.digest(gone)])

    assert found == {sessions.digest(key)}


def test_expired_rows_are_cleared(ben: Agent, travel: time_machine.Traveller) -> None:
    sign_in(ben)

    travel.shift(sessions.IDLE * 2)
    SessionStore.clear_expired()

    assert not Session.objects.exists()
