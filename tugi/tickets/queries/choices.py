"""What a menu offers: who may take a ticket, where it may go, how it may stand."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from tugi.people.access import access_of
from tugi.people.models import Agent, Department, Permission, Role
from tugi.tickets.queries.rows import status_name

_STATUSES = "SELECT id, name, is_built_in, category FROM tickets_status WHERE is_active ORDER BY position, id"


@dataclass(frozen=True)
class Choice:
    id: int
    name: str
    is_current: bool = False
    category: str = ""


def agents_for(department_id: int, *, current: int | None = None) -> list[Choice]:
    """Active agents who see the department's tickets, by name. Two queries."""
    seeing = [role.pk for role in Role.objects.all() if Permission.SEE_TICKETS in role.permissions]
    reach = Q(grants__role__in=seeing) & (Q(grants__department=department_id) | Q(grants__department=None))
    found = Agent.objects.filter(reach, is_active=True).order_by("name", "id").distinct()
    return [Choice(id_, name, id_ == current) for id_, name in found.values_list("id", "name")]


def departments_to_move_to(agent: Agent, *, current: int) -> list[Choice]:
    """Departments that take tickets. A ticket may be handed to one that the agent does not see."""
    access_of(agent).require(Permission.MOVE)
    found = Department.objects.filter(is_active=True).values_list("id", "name")
    return [Choice(id_, name, id_ == current) for id_, name in found]


def statuses(*, current: int) -> list[Choice]:
    """Every status a ticket can be given, in the desk's order. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_STATUSES)
        found = cursor.fetchall()
    return [Choice(id_, status_name(name, own), id_ == current, category) for id_, name, own, category in found]
