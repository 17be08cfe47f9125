"""What each filter of the search box means: marks that the index knows, or a condition on tickets.

The one place where what was typed meets the ORM. Every condition names its fields here, in full; values are values.
What an agent may not see answers like what is not there.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q

from tugi.core.languages import fold, plain
from tugi.people.access import access_of
from tugi.people.models import Agent, Department, Permission
from tugi.tickets.models import Tag
from tugi.tickets.models.statuses import STAGE_OF
from tugi.tickets.search.expression import Clause, any_of
from tugi.tickets.search.query_language import Filter
from tugi.tickets.search.tokens import mark, pieces

Meaning = list[Clause] | Q
NOBODY: list[Clause] = [()]
"""What no document holds."""


def meaning_of(wanted: Filter, agent: Agent) -> Meaning:
    """What a filter asks of the index (clauses) or of the ticket (a condition)."""
    return _MEANINGS[wanted.key](wanted.value, agent)


def visible(agent: Agent) -> list[Clause]:
    """The wall: the departments in which the agent sees tickets; nothing for the whole desk."""
    departments = access_of(agent).departments_for(Permission.SEE_TICKETS)
    return [] if departments is None else [any_of(mark("d", number) for number in sorted(departments))]


def _status(value: str, agent: Agent) -> Meaning:
    # The stage says nothing new, but it is what the lists' indexes begin with.
    return Q(stage=STAGE_OF[value], status__category=value)


def _priority(value: str, agent: Agent) -> Meaning:
    return Q(priority=value)


def _assignee(value: str, agent: Agent) -> Meaning:
    if value == "none":
        return Q(assignee=None)
    if value == "me":
        return Q(assignee=agent.pk)
    named = Agent.objects.filter(Q(name__icontains=value) | Q(email__iexact=value))
    return Q(assignee__in=list(named.values_list("id", flat=True)[:50]))


def _is(value: str, agent: Agent) -> Meaning:
    return [any_of([mark("n")])] if value == "note" else Q(is_unread=True)


def _has(value: str, agent: Agent) -> Meaning:
    return [any_of([mark("a")])]


def _tag(value: str, agent: Agent) -> Meaning:
    tags = Tag.objects.filter(name__iexact=value).values_list("id", flat=True)
    return [any_of(mark("t", number) for number in tags)]


def _department(value: str, agent: Agent) -> Meaning:
    departments = Department.objects.filter(name__icontains=value)
    allowed = access_of(agent).departments_for(Permission.SEE_TICKETS)
    if allowed is not None:
        departments = departments.filter(id__in=allowed)
    return [any_of(mark("d", number) for number in departments.values_list("id", flat=True))]


def _from(value: str, agent: Agent) -> Meaning:
    local, at, domain = value.partition("@")
    if at and local:
        return [any_of([mark("f", value)])]
    if at:
        return [any_of([mark("g", domain)])] if domain else NOBODY
    return [any_of([mark("w", plain(fold(piece.text)))]) for piece in pieces(value)] or NOBODY


_MEANINGS: dict[str, Callable[[str, Agent], Meaning]] = {
    "assignee": _assignee,
    "department": _department,
    "from": _from,
    "has": _has,
    "is": _is,
    "priority": _priority,
    "status": _status,
    "tag": _tag,
}
