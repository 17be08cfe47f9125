"""Pages of the desk's lists. A page is a walk of one index, or of one a department.

An agent who sees only some departments gets a seek into the index of each, joined and cut again: asking
for "any of these departments" in one go would sort all their tickets. The parts are wrapped in
subqueries because SQLite takes no ORDER BY or LIMIT inside a plain UNION.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import connection

from tugi.core import instants
from tugi.people.access import access_of
from tugi.people.models import Agent, Department, Permission
from tugi.tickets.models import Ticket
from tugi.tickets.queries.cursors import Cursor
from tugi.tickets.queries.rows import Row, Sql, read_rows, rows_among
from tugi.tickets.queries.views import View, ViewName

PAGE = 50
MOST_AT_ONCE = 200

_WALK = "SELECT t.id, t.active_at FROM tickets_ticket AS t WHERE {} ORDER BY t.active_at DESC, t.id DESC LIMIT %s"
_JOINED = "SELECT parts.id FROM ({}) AS parts ORDER BY parts.active_at DESC, parts.id DESC LIMIT %s"
# What SQLite does not know, and what spares PostgreSQL planning the same walk for each department.
_LATERAL = "SELECT part.* FROM unnest(%s::bigint[]) AS home (id), LATERAL ({}) AS part"


@dataclass(frozen=True)
class InboxPage:
    """`next` is where to go on; None at the end of the list."""

    rows: tuple[Row, ...]
    next: Cursor | None


def inbox_page(
    agent: Agent,
    view: View,
    before: Cursor | None = None,
    *,
    limit: int = PAGE,
    down_to: Cursor | None = None,
    departments: Collection[int] | None = None,
) -> InboxPage:
    """The tickets of a view that this agent may see, newest activity first, in one query.

    `before` goes on after that row; `down_to` gives everything from the top to that row, at most 200.
    `departments` are the ids of all departments if the caller has them: it saves a query.
    """
    limit = MOST_AT_ONCE if down_to else limit
    homes = _homes(agent, view, departments)
    if homes is not None and not homes:
        return InboxPage((), None)
    where = [*_of_view(agent, view), *_between(before, down_to)]
    rows = read_rows(_walk(where, limit + 1) if homes is None else _walks(where, sorted(homes), limit + 1))
    if len(rows) > limit:
        return InboxPage(rows[:limit], rows[limit - 1].cursor)
    # What lies below `down_to` was not asked for, but is there to go on to.
    return InboxPage(rows, rows[-1].cursor if down_to and rows else None)


def rows_of(agent: Agent, numbers: Collection[int]) -> tuple[Row, ...]:
    """The rows with these numbers that this agent may see, newest activity first. One query."""
    return rows_among(Ticket.objects.visible_to(agent).filter(number__in=numbers))


def _homes(agent: Agent, view: View, known: Collection[int] | None) -> Collection[int] | None:
    """The departments whose indexes are walked one by one; None for one walk that crosses them all."""
    allowed = access_of(agent).departments_for(Permission.SEE_TICKETS)
    if view.department_id is not None:
        return {view.department_id} if allowed is None else allowed & {view.department_id}
    if view.name == ViewName.UNASSIGNED and allowed is None:
        return Department.objects.values_list("id", flat=True) if known is None else known
    return None if view.name == ViewName.MINE and allowed else allowed


def _of_view(agent: Agent, view: View) -> list[Sql]:
    stage = Sql("t.stage = %s", (view.stage,))
    if view.name == ViewName.UNASSIGNED:
        return [stage, Sql("t.assignee_id IS NULL")]
    if view.name != ViewName.MINE:
        return [stage]
    allowed = access_of(agent).departments_for(Permission.SEE_TICKETS)
    mine = [stage, Sql("t.assignee_id = %s", (agent.pk,))]
    # The sign keeps the planner from walking a whole department for the few that are mine.
    places = ", ".join(["%s"] * len(allowed or ()))
    return mine if allowed is None else [*mine, Sql(f"+t.department_id IN ({places})", tuple(allowed))]


def _between(before: Cursor | None, down_to: Cursor | None) -> list[Sql]:
    """The first condition of each two is what the index seeks by; the second only weeds out ties."""
    found: list[Sql] = []
    if before:
        at = instants.stored(before.active_at)
        found += [Sql("t.active_at <= %s", (at,)), Sql("NOT (t.active_at = %s AND t.id >= %s)", (at, before.ticket_id))]
    if down_to:
        at = instants.stored(down_to.active_at)
        found += [Sql("t.active_at >= %s", (at,)), Sql("NOT (t.active_at = %s AND t.id < %s)", (at, down_to.ticket_id))]
    return found


def _walk(where: Sequence[Sql], limit: int) -> Sql:
    text = _WALK.format(" AND ".join(each.text for each in where))
    return Sql(text, (*(value for each in where for value in each.values), limit))


def _walks(where: Sequence[Sql], homes: list[int], limit: int) -> Sql:
    """The first `limit` tickets of all these departments together."""
    if connection.vendor == "postgresql":
        walk = _walk([Sql("t.department_id = home.id"), *where], limit)
        return Sql(_JOINED.format(_LATERAL.format(walk.text)), (homes, *walk.values, limit))
    walks = [_walk([Sql("t.department_id = %s", (home,)), *where], limit) for home in homes]
    union = " UNION ALL ".join(f"SELECT * FROM ({walk.text})" for walk in walks)  # noqa: S608
    return Sql(_JOINED.format(union), (*(value for walk in walks for value in walk.values), limit))
