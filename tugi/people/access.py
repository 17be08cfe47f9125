"""Who may do what, where. Every door asks here; a department nobody opened is as if it were not there."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass

from django.db import connection

from tugi.core.errors import NotFound
from tugi.people.models import Agent, Permission

OF_THE_DESK = {Permission.MANAGE_PEOPLE.value, Permission.MANAGE_DESK.value}
"""These know no departments: held in one, they would let their holder take all the others."""


_GRANTS = """
    SELECT g.department_id, r.permissions
    FROM people_rolegrant AS g JOIN people_role AS r ON r.id = g.role_id WHERE g.agent_id = %s
"""


@dataclass(frozen=True)
class Access:
    """An agent's permissions, resolved once a request: per permission the departments, or the whole desk."""

    agent_id: int
    desk: frozenset[str]
    departments: dict[str, frozenset[int]]

    def everywhere(self, permission: Permission) -> bool:
        return permission.value in self.desk

    def anywhere(self, permission: Permission) -> bool:
        return self.everywhere(permission) or bool(self.departments.get(permission.value))

    def in_department(self, permission: Permission, department_id: int) -> bool:
        return self.everywhere(permission) or department_id in self.departments.get(permission.value, frozenset())

    def departments_for(self, permission: Permission) -> frozenset[int] | None:
        """Ids of the departments in which the permission holds; None means all of them."""
        if self.everywhere(permission):
            return None
        return self.departments.get(permission.value, frozenset())

    def require(self, permission: Permission) -> None:
        """Raise NotFound, as if the door did not exist, unless the permission holds somewhere."""
        if not self.anywhere(permission):
            raise NotFound


def access_of(agent: Agent) -> Access:
    """The agent's access now (one query, kept on the instance). An inactive agent has none."""
    kept: Access | None = getattr(agent, "_access", None)
    if kept is None:
        kept = _resolve(agent)
        agent._access = kept  # type: ignore[attr-defined]
    return kept


def _resolve(agent: Agent) -> Access:
    desk: set[str] = set()
    departments: defaultdict[str, set[int]] = defaultdict(set)
    if agent.is_active:
        for department_id, permissions in _grants(agent):
            for permission in permissions:
                if department_id is None:
                    desk.add(permission)
                elif permission not in OF_THE_DESK:
                    departments[permission].add(department_id)
    return Access(
        agent_id=agent.pk,
        desk=frozenset(desk),
        departments={permission: frozenset(ids) for permission, ids in departments.items()},
    )


def _grants(agent: Agent) -> list[tuple[int | None, list[str]]]:
    """Each grant's department (None for the whole desk) and permissions. Every page asks: the statement is ready."""
    with connection.cursor() as cursor:
        cursor.execute(_GRANTS, [agent.pk])
        return [(department_id, json.loads(permissions)) for department_id, permissions in cursor.fetchall()]
