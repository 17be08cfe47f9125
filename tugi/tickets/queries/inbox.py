"""Pages of the desk's lists. A page is a walk of one index, or of one a department.

An agent who sees only some departments gets a seek into the index of each, joined and cut again: asking
for "any of these departments" in one go would sort all their tickets. The parts are wrapped in
subqueries because SQLite takes no ORDER BY or LIMIT inside a plain UNION.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.expressions import RawSQL

from tugi.people.access import access_of
from tugi.people.models import Agent, Department, Permission
from tugi.tickets.models import Ticket
from tugi.tickets.queries.cursors import Cursor
from tugi.tickets.queries.rows import Row, read_rows
from tugi.tickets.queries.views import View, ViewName

PAGE = 50
MOST_AT_ONCE = 200
NEWEST_FIRST = (F("active_at").desc(), F("id").desc())


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
    parts = [_cut(part, before, down_to)[: limit + 1] for part in _parts(agent, view, departments)]
    if not parts:
        return InboxPage((), None)
    rows = read_rows(_joined(parts, limit + 1))
    if len(rows) > limit:
        return InboxPage(rows[:limit], rows[limit - 1].cursor)
    # What lies below `down_to` was not asked for, but is there to go on to.
    return InboxPage(rows, rows[-1].cursor if down_to and rows else None)


def rows_of(agent: Agent, numbers: Collection[int]) -> tuple[Row, ...]:
    """The rows with these numbers that this agent may see, newest activity first. One query."""
    return read_rows(Ticket.objects.visible_to(agent).filter(number__in=numbers).order_by(*NEWEST_FIRST))


def _parts(agent: Agent, view: View, known: Collection[int] | None) -> list[QuerySet[Ticket]]:
    """The view as one or more filters, each of which is the beginning of an index."""
    tickets = Ticket.objects.in_stage(view.stage)
    allowed = access_of(agent).departments_for(Permission.SEE_TICKETS)
    if allowed is not None and not allowed:
        return []
    if view.name == ViewName.MINE:
        # Plus nothing: else the planner may walk a whole department for the few that are mine.
        mine = tickets.assigned_to(agent).alias(home=F("department_id") + 0)
        return [mine if allowed is None else mine.filter(home__in=sorted(allowed))]
    if view.department_id is not None:
        return [tickets.visible_to(agent).filter(department_id=view.department_id)]
    if view.name == ViewName.UNASSIGNED:
        return _by_department(tickets.unassigned(), _ids(known) if allowed is None else allowed)
    return [tickets] if allowed is None else _by_department(tickets, allowed)


def _by_department(tickets: QuerySet[Ticket], ids: Collection[int]) -> list[QuerySet[Ticket]]:
    return [tickets.filter(department_id=department_id) for department_id in sorted(ids)]


def _ids(known: Collection[int] | None) -> Collection[int]:
    return list(Department.objects.order_by().values_list("id", flat=True)) if known is None else known


def _cut(tickets: QuerySet[Ticket], before: Cursor | None, down_to: Cursor | None) -> QuerySet[Ticket]:
    if before:
        # The first condition is what the index seeks by; the second only weeds out ties.
        same = {"active_at": before.active_at, "id__gte": before.ticket_id}
        tickets = tickets.filter(active_at__lte=before.active_at).exclude(**same)
    if down_to:
        below = {"active_at": down_to.active_at, "id__lt": down_to.ticket_id}
        tickets = tickets.filter(active_at__gte=down_to.active_at).exclude(**below)
    return tickets.order_by(*NEWEST_FIRST)


def _joined(parts: list[QuerySet[Ticket]], limit: int) -> QuerySet[Ticket]:
    """The first `limit` tickets of all parts together."""
    compiled = [
        part.values_list("id", "active_at").query.get_compiler(connection=connection).as_sql() for part in parts
    ]
    wrapped = (f"SELECT * FROM ({sql}) AS part_{n}" for n, (sql, _) in enumerate(compiled))  # noqa: S608
    union = " UNION ALL ".join(wrapped)
    sql = f"SELECT page.id FROM ({union}) AS page ORDER BY page.active_at DESC, page.id DESC LIMIT %s"  # noqa: S608
    params: list[Any] = [param for _, given in compiled for param in given]
    # The text is what Django compiled; every value travels as a parameter.
    ids = RawSQL(sql, [*params, limit])  # noqa: S611
    return Ticket.objects.filter(id__in=ids).order_by(*NEWEST_FIRST)
