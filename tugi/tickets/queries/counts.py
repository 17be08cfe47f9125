"""The numbers beside the views, and the departments they are counted in, in one query.

A count stops at `MOST`: counting on to a million would cost what no agent reads.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

from tugi.people.access import access_of
from tugi.people.models import Agent, Permission
from tugi.tickets.models import Stage
from tugi.tickets.queries.views import ViewName

MOST = 999

_COUNT = "(SELECT COUNT(*) FROM (SELECT 1 FROM tickets_ticket AS t {hint} WHERE {where} LIMIT %s) AS capped)"
_OPEN = _COUNT.format(hint="", where="t.department_id = d.id AND t.stage = %s")
_FREE = _COUNT.format(hint="{hint}", where="t.department_id = d.id AND t.stage = %s AND t.assignee_id IS NULL")
_MINE = _COUNT.format(hint="", where="t.assignee_id = %s AND t.stage = %s AND {allowed}")
_SQL = f"""
    SELECT d.id, d.name, d.is_active, {_OPEN}, {_FREE}, {_OPEN}, {_MINE}
    FROM people_department AS d ORDER BY d.position, d.id
"""  # noqa: S608 - only fixed text is put together
# SQLite does not see by itself that the smaller index serves where the department comes from outside.
_HINT = {"sqlite": "INDEXED BY ticket_unassigned", "postgresql": ""}
_COLUMNS = (ViewName.OPEN, ViewName.UNASSIGNED, ViewName.WAITING)


@dataclass(frozen=True)
class DepartmentCount:
    id: int
    name: str
    open: int


@dataclass(frozen=True)
class Sidebar:
    """`counts` by view; a number over `MOST` means more than that. `names`: of all departments the agent sees."""

    counts: dict[ViewName, int]
    departments: tuple[DepartmentCount, ...]
    names: dict[int, str]

    @property
    def department_ids(self) -> tuple[int, ...]:
        return tuple(self.names)


def sidebar(agent: Agent) -> Sidebar:
    """The departments that this agent sees and how much lies in each view. One query."""
    allowed = access_of(agent).departments_for(Permission.SEE_TICKETS)
    with connection.cursor() as cursor:
        cursor.execute(*_query(agent, allowed))
        found = [row for row in cursor.fetchall() if allowed is None or row[0] in allowed]
    counts = {name: sum(row[3 + place] for row in found) for place, name in enumerate(_COLUMNS)}
    return Sidebar(
        counts=counts | {ViewName.MINE: found[0][6] if found else 0},
        departments=tuple(DepartmentCount(row[0], row[1], row[3]) for row in found if row[2] or row[3]),
        names={row[0]: row[1] for row in found},
    )


def _query(agent: Agent, allowed: frozenset[int] | None) -> tuple[str, list[str | int]]:
    # The sign keeps the planner from walking a whole department for the few that are mine.
    mine = "TRUE" if allowed is None else f"+t.department_id IN ({_marks(allowed)})"
    sql = _SQL.format(hint=_HINT[connection.vendor], allowed=mine)
    by_department = [(stage, MOST + 1) for stage in (Stage.OPEN, Stage.OPEN, Stage.WAITING)]
    params: list[str | int] = [value for pair in by_department for value in pair]
    return sql, [*params, agent.pk, Stage.OPEN, *sorted(allowed or ()), MOST + 1]


def _marks(ids: Collection[int]) -> str:
    return ", ".join(["%s"] * len(ids)) or "NULL"
