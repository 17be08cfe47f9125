"""The numbers beside the views, and the departments they are counted in, in one query.

A count stops at `MOST`: counting on to a million would cost what no agent reads.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from tugi.people.access import access_of
from tugi.people.models import Agent, Permission
from tugi.tickets.models import Stage
from tugi.tickets.queries.views import ViewName

MOST = 999

_COUNT = "(SELECT COUNT(*) FROM (SELECT 1 FROM tickets_ticket AS t WHERE {where} LIMIT %s) AS capped)"
_SQL = f"""
    SELECT d.id, d.name, d.is_active,
           {_COUNT.format(where="t.department_id = d.id AND t.stage = %s")},
           {_COUNT.format(where="t.department_id = d.id AND t.stage = %s AND t.assignee_id IS NULL")},
           {_COUNT.format(where="t.department_id = d.id AND t.stage = %s")},
           {_COUNT.format(where="t.department_id = d.id AND t.stage = %s AND t.assignee_id = %s")}
    FROM people_department AS d
    ORDER BY d.position, d.id
"""  # noqa: S608 - only fixed text is put together


@dataclass(frozen=True)
class DepartmentCount:
    id: int
    name: str
    open: int


@dataclass(frozen=True)
class Sidebar:
    """`counts` by view; a number over `MOST` means more than that. `department_ids`: what the agent sees."""

    counts: dict[ViewName, int]
    departments: tuple[DepartmentCount, ...]
    department_ids: tuple[int, ...]


def sidebar(agent: Agent) -> Sidebar:
    """The departments that this agent sees and how much lies in each view. One query."""
    allowed = access_of(agent).departments_for(Permission.SEE_TICKETS)
    params: list[str | int] = [
        *(Stage.OPEN, MOST + 1),
        *(Stage.OPEN, MOST + 1),
        *(Stage.WAITING, MOST + 1),
        *(Stage.OPEN, agent.pk, MOST + 1),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_SQL, params)
        found = [row for row in cursor.fetchall() if allowed is None or row[0] in allowed]
    totals = [sum(row[column] for row in found) for column in range(3, 7)]
    return Sidebar(
        counts=dict(zip((ViewName.OPEN, ViewName.UNASSIGNED, ViewName.WAITING, ViewName.MINE), totals, strict=True)),
        departments=tuple(DepartmentCount(row[0], row[1], row[3]) for row in found if row[2] or row[3]),
        department_ids=tuple(row[0] for row in found),
    )
