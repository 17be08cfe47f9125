"""The agents behind the sockets: who they are, what they may see, whether they still may. Synchronous."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from tugi.live import topics
from tugi.people import sessions
from tugi.people.access import access_of
from tugi.people.models import Agent, Permission, RoleGrant
from tugi.tickets.models import Ticket

TOGETHER = 500


@dataclass(frozen=True, slots=True)
class Viewer:
    """An agent and the session they came with. `standing` changes with their password and grants;
    `departments` None means that they see every ticket."""

    agent_id: int
    session: str
    standing: int
    departments: frozenset[int] | None

    def sees_department(self, department_id: int) -> bool:
        return self.departments is None or department_id in self.departments


def viewer_of(session_key: str) -> Viewer | None:
    """Whose session this is now. None for one that has ended or is nobody's."""
    agent = sessions.signed_in_agent(session_key)
    if agent is None:
        return None
    standing = _standings([agent.pk]).get(agent.pk)
    if standing is None:
        return None
    departments = access_of(agent).departments_for(Permission.SEE_TICKETS)
    return Viewer(agent.pk, sessions.digest(session_key), standing, departments)


def may_listen(viewer: Viewer, wanted: Iterable[str]) -> list[str]:
    """Those of the topics that exist for this agent now."""
    numbers = {topic: topics.ticket_number(topic) for topic in wanted}
    asked = [number for number in numbers.values() if number is not None]
    seen = _visible_numbers(viewer, asked) if asked else set()
    return [topic for topic in numbers if topic in (topics.INBOX, topics.ME) or numbers[topic] in seen]


def ended(viewers: Collection[Viewer]) -> set[Viewer]:
    """Those who have signed out, been switched off, or may do other things than when they came."""
    gone: set[Viewer] = set()
    for some in _chunks(viewers):
        open_sessions = sessions.still_open(viewer.session for viewer in some)
        standings = _standings({viewer.agent_id for viewer in some})
        gone.update(
            viewer
            for viewer in some
            if viewer.session not in open_sessions or standings.get(viewer.agent_id) != viewer.standing
        )
    return gone


def _visible_numbers(viewer: Viewer, asked: Collection[int]) -> set[int]:
    agent = Agent.objects.filter(pk=viewer.agent_id, is_active=True).first()
    if agent is None:
        return set()
    return set(Ticket.objects.visible_to(agent).filter(number__in=asked).order_by().values_list("number", flat=True))


def _standings(agent_ids: Collection[int]) -> dict[int, int]:
    """Per active agent a number that changes when the password or anything granted does."""
    grants: defaultdict[int, list[str]] = defaultdict(list)
    rows = RoleGrant.objects.filter(agent__in=agent_ids).order_by("pk")
    for agent_id, department_id, permissions in rows.values_list("agent_id", "department_id", "role__permissions"):
        grants[agent_id].append(f"{department_id} {sorted(permissions)}")
    active = Agent.objects.filter(pk__in=agent_ids, is_active=True).order_by()
    return {pk: hash((password, *grants[pk])) for pk, password in active.values_list("pk", "password")}


def _chunks(viewers: Collection[Viewer]) -> Iterator[list[Viewer]]:
    rest = iter(viewers)
    while some := list(islice(rest, TOGETHER)):
        yield some
