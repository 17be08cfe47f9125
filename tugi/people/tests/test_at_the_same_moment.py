"""Two who act at once cannot leave the desk without an administrator, or without an open department."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from tugi.events import actors
from tugi.people import actions, roles
from tugi.people.errors import DepartmentInUse, LastAdmin
from tugi.people.models import Department, Role
from tugi.people.testing import make_agent, make_department

pytestmark = pytest.mark.django_db(transaction=True)
ACTOR = actors.system("web")


def both(first: Callable[[], object], second: Callable[[], object]) -> list[Exception]:
    """Do the first, begin the second before the first is committed; gives what the second refused."""
    refused: list[Exception] = []

    def work() -> None:
        try:
            second()
        except (LastAdmin, DepartmentInUse) as error:
            refused.append(error)
        finally:
            connection.close()

    other = threading.Thread(target=work)
    with transaction.atomic():
        first()
        other.start()
        time.sleep(0.3)
    other.join(10)
    return refused


@pytest.fixture
def admins() -> list[int]:
    Role.objects.get_or_create(
        slug=roles.ADMIN,
        defaults={"name": "Admin", "permissions": [each.value for each in roles.BUILT_IN[roles.ADMIN]]},
    )
    return [make_agent(name, role=roles.ADMIN).pk for name in ("Ada Admin", "Abe Admin")]


def test_two_administrators_cannot_both_step_back(admins: list[int]) -> None:
    ada, abe = admins

    refused = both(
        lambda: actions.grant_roles(ada, [], actor=ACTOR),
        lambda: actions.grant_roles(abe, [], actor=ACTOR),
    )

    assert [type(error) for error in refused] == [LastAdmin]


def test_two_administrators_cannot_both_be_shut_out(admins: list[int]) -> None:
    ada, abe = admins

    refused = both(
        lambda: actions.deactivate_agent(ada, actor=ACTOR),
        lambda: actions.deactivate_agent(abe, actor=ACTOR),
    )

    assert [type(error) for error in refused] == [LastAdmin]


def test_the_last_two_departments_cannot_both_be_shut() -> None:
    Department.objects.all().delete()
    north, south = make_department("North"), make_department("South")

    refused = both(
        lambda: actions.change_department(north.pk, name="North", head=None, is_active=False, actor=ACTOR),
        lambda: actions.change_department(south.pk, name="South", head=None, is_active=False, actor=ACTOR),
    )

    assert [type(error) for error in refused] == [DepartmentInUse]
