"""Reads for the screens about people."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tugi.people.models import Agent, Department, RoleGrant
from tugi.people.roles import NAMES

MOST = 500


@dataclass(frozen=True)
class AgentRow:
    id: int
    name: str
    email: str
    is_active: bool
    has_password: bool
    roles: list[str]


def agent_rows() -> list[AgentRow]:
    """The desk's agents by name, at most 500, with their roles in words."""
    agents = list(Agent.objects.order_by("-is_active", "name", "id")[:MOST])
    held: defaultdict[int, list[str]] = defaultdict(list)
    grants = RoleGrant.objects.filter(agent__in=agents).select_related("role", "department").order_by("id")
    for grant in grants:
        role = str(NAMES.get(grant.role.slug, grant.role.name))
        where = grant.department.name if grant.department else None
        held[grant.agent_id].append(
            _("%(role)s in %(department)s") % {"role": role, "department": where} if where else role
        )
    return [
        AgentRow(agent.pk, agent.name, agent.email, agent.is_active, agent.has_usable_password(), held[agent.pk])
        for agent in agents
    ]


def departments() -> list[Department]:
    """All departments with their heads, open ones first."""
    return list(Department.objects.select_related("head").order_by("-is_active", "position", "id")[:MOST])
