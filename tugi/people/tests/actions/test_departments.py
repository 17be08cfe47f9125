from __future__ import annotations

import pytest
from django.test import TestCase

from tugi.events import actors
from tugi.events.models import Event
from tugi.people import actions
from tugi.people.errors import DepartmentInUse, NameTaken
from tugi.people.testing import make_department

ADMIN = actors.system("web")


class DepartmentTest(TestCase):
    def test_a_new_department_comes_last(self) -> None:
        make_department("North")

        department = actions.add_department(name=" South ", actor=ADMIN)

        assert (department.name, department.position) == ("South", 1)
        assert Event.objects.get().kind == "department.added"

    def test_a_name_is_given_once_whatever_the_case(self) -> None:
        make_department("North")

        with pytest.raises(NameTaken):
            actions.add_department(name="north", actor=ADMIN)

    def test_a_department_may_keep_its_own_name(self) -> None:
        north = make_department("North")

        actions.change_department(north.pk, name="North", head=None, is_active=True, actor=ADMIN)

        assert not Event.objects.exists()

    def test_the_last_open_department_stays_open(self) -> None:
        north = make_department("North")

        with pytest.raises(DepartmentInUse):
            actions.change_department(north.pk, name="North", head=None, is_active=False, actor=ADMIN)
