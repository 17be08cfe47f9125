"""The desk's lists: each is a stage of tickets, cut by assignee or department."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tugi.core.errors import NotFound
from tugi.people.access import access_of
from tugi.people.models import Agent, Department, Permission
from tugi.tickets.models import Stage


class ViewName(StrEnum):
    MINE = "mine"
    UNASSIGNED = "unassigned"
    OPEN = "open"
    WAITING = "waiting"
    RESOLVED = "resolved"
    DEPARTMENT = "department"


TITLES: dict[ViewName, Promise] = {
    ViewName.MINE: _("Mine"),
    ViewName.UNASSIGNED: _("Unassigned"),
    ViewName.OPEN: _("All open"),
    ViewName.WAITING: pgettext_lazy("list of tickets", "Waiting"),
    ViewName.RESOLVED: pgettext_lazy("list of tickets", "Resolved"),
}
STAGES = {ViewName.WAITING: Stage.WAITING, ViewName.RESOLVED: Stage.DONE}


@dataclass(frozen=True)
class View:
    name: ViewName
    title: str
    department_id: int | None = None

    @property
    def key(self) -> str:
        """How an address names the view: "mine", "department-3"."""
        return self.name if self.department_id is None else f"{self.name}-{self.department_id}"

    @property
    def stage(self) -> Stage:
        return STAGES.get(self.name, Stage.OPEN)


Names = Mapping[int, str]
"""Of departments, by id, where the caller has them at hand: it saves a query."""


def department_view(agent: Agent, department_id: int, names: Names | None = None) -> View:
    """The open tickets of one department. Raises NotFound where the agent sees nothing of it."""
    if not access_of(agent).in_department(Permission.SEE_TICKETS, department_id):
        raise NotFound
    found = dict(Department.objects.filter(id=department_id).values_list("id", "name")) if names is None else names
    if department_id not in found:
        raise NotFound
    return View(ViewName.DEPARTMENT, found[department_id], department_id)


def view_named(agent: Agent, key: str, names: Names | None = None) -> View:
    """The view that an address names; an unknown name means Mine. Raises NotFound for a shut department."""
    name, _dash, department = key.partition("-")
    if name == ViewName.DEPARTMENT and department.isascii() and department.isdecimal() and len(department) < 18:
        return department_view(agent, int(department), names)
    known = ViewName(name) if name in TITLES else ViewName.MINE
    return View(known, str(TITLES[known]))
