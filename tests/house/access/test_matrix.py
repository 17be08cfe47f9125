"""Every address × every kind of visitor (SECURITY C1.1, D7.1): an address without a row in `matrix.txt` fails.

The table says what each visitor gets: `ok` (the view does its work or says what is wrong with the input),
`404` (not there, or not for you), `in` (sent to sign in), `405`.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import pytest
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from tests.house.access.world import VISITORS, World, make_world, message_of, routes

TABLE = Path(__file__).with_name("matrix.txt")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
MAY_CHANGE_BY_GET = {"core_ratebucket", "django_session"}

pytestmark = pytest.mark.django_db


@cache
def rows() -> dict[tuple[str, str], list[str]]:
    """(route, method) → what each visitor gets, in the order of VISITORS."""
    table = {}
    for line in TABLE.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            route, method, *expected = line.split()
            table[route, method] = expected
    return table


def address(world: World, route: str) -> str:
    pattern = routes()[route].pattern
    names = pattern.converters
    given = {**world.arguments, "message_id": message_of(world, route).pk}
    return reverse(route, kwargs={name: given[name] for name in names})


def ask(client: Client, method: str, there: str, **more: str) -> HttpResponseBase:
    return client.generic(method, there, secure=False, **more)  # type: ignore[arg-type]


def verdict(answer: HttpResponseBase) -> str:
    if answer.status_code == 302 and answer.headers["Location"].startswith(reverse("account_login")):
        return "in"
    if answer.status_code in (404, 405):
        return str(answer.status_code)
    return "ok" if answer.status_code < 500 and answer.status_code != 403 else str(answer.status_code)


def close(answer: HttpResponseBase) -> None:
    if answer.streaming:
        b"".join(answer)


def test_every_address_has_its_rows_and_every_row_an_address() -> None:
    assert {route for route, _ in rows()} == set(routes())


@pytest.mark.parametrize(("route", "method"), rows())
def test_every_visitor_gets_what_the_table_says(route: str, method: str) -> None:
    world = make_world()
    there = address(world, route)

    got = {}
    for visitor in VISITORS:
        answer = ask(world.client(visitor), method, there)
        got[visitor] = verdict(answer)
        close(answer)

    assert got == dict(zip(VISITORS, rows()[route, method], strict=True))


@pytest.mark.parametrize("route", sorted({route for route, _ in rows()}))
def test_methods_that_are_not_in_the_table_are_refused(route: str) -> None:
    world = make_world()
    client, there = world.client("admin"), address(world, route)

    for method in METHODS:
        if (route, method) not in rows():
            assert ask(client, method, there).status_code in (404, 405), method


@pytest.mark.parametrize("route", sorted(route for route, method in rows() if method == "GET"))
def test_asking_changes_nothing(route: str) -> None:
    world = make_world()
    client, there = world.client("admin"), address(world, route)
    before = everything()

    close(ask(client, "GET", there))

    assert everything() == before


@pytest.mark.parametrize("route", sorted(route for route, method in rows() if method == "POST"))
def test_other_sites_and_missing_tokens_are_refused(route: str) -> None:
    if route == "csp-report":
        return  # browsers send it without credentials, and it changes nothing
    world = make_world()
    there, trusting, strict = address(world, route), world.client("admin"), Client(enforce_csrf_checks=True)
    strict.force_login(world.agents["admin"])
    before = everything()

    without_token = ask(strict, "POST", there)
    from_elsewhere = ask(trusting, "POST", there, HTTP_SEC_FETCH_SITE="cross-site")

    assert (without_token.status_code, from_elsewhere.status_code) == (403, 403)
    assert everything() == before


def everything() -> dict[str, str]:
    """A fingerprint of every table's rows, but for those that reading may touch."""
    prints = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True):
            if table not in MAY_CHANGE_BY_GET:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                found = sorted(map(str, cursor.fetchall()))
                prints[table] = hashlib.sha256("\n".join(found).encode()).hexdigest()
    return prints
