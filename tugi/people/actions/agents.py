from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from tugi.core import clock
from tugi.events.actors import Actor
from tugi.events.log import append
from tugi.people import roles
from tugi.people.errors import EmailTaken, LastAdmin, WeakPassword
from tugi.people.events import (
    AgentAdded,
    AgentDeactivated,
    AgentPasswordChanged,
    AgentProfileChanged,
    AgentReactivated,
    AgentRolesChanged,
)
from tugi.people.models import Agent, Department, Role, RoleGrant
from tugi.people.sessions import end_sessions

Grant = tuple[str, Department | None]
"""A role's slug, and the department it holds in (None: the whole desk)."""

PROFILE = ("name", "language", "time_zone", "theme", "density", "signature")


@transaction.atomic
def add_agent(
    *,
    email: str,
    name: str,
    password: str | None = None,
    language: str = "en",
    time_zone: str = "UTC",
    grants: Iterable[Grant] = (),
    actor: Actor,
) -> Agent:
    """A new agent; without a password nobody can sign in as it yet. Raises EmailTaken, WeakPassword."""
    email = email.strip().lower()
    if Agent.objects.filter(email__iexact=email).exists():
        raise EmailTaken(email=email)
    agent = Agent(email=email, name=name.strip(), language=language, time_zone=time_zone, joined_at=clock.now())
    _set_password(agent, password)
    agent.save()
    added = append(AgentAdded(agent_id=agent.pk), actor=actor)
    grants = list(grants)
    if grants:
        grant_roles(agent.pk, grants, actor=actor, cause=added.pk)
    return agent


@transaction.atomic
def change_password(agent_id: int, *, password: str, actor: Actor) -> Agent:
    """A new password; Django's session hash ends all other sessions. Raises WeakPassword."""
    agent = Agent.objects.select_for_update().get(id=agent_id)
    _set_password(agent, password)
    agent.save(update_fields=["password"])
    append(AgentPasswordChanged(agent_id=agent.pk), actor=actor)
    return agent


@transaction.atomic
def change_profile(agent_id: int, *, actor: Actor, **wanted: str) -> Agent:
    """Change any of name, language, time_zone, theme, density, signature."""
    assert set(wanted) <= set(PROFILE), wanted
    agent = Agent.objects.select_for_update().get(id=agent_id)
    changed = [field for field, value in wanted.items() if getattr(agent, field) != value]
    for field in changed:
        setattr(agent, field, wanted[field])
    if changed:
        agent.save(update_fields=changed)
        append(AgentProfileChanged(agent_id=agent.pk, fields=changed), actor=actor)
    return agent


@transaction.atomic
def grant_roles(agent_id: int, grants: Iterable[Grant], *, actor: Actor, cause: int | None = None) -> Agent:
    """Let the agent hold exactly these roles. Raises LastAdmin if the desk would have none."""
    agent = Agent.objects.select_for_update().get(id=agent_id)
    wanted = {(slug, department.pk if department else None) for slug, department in grants}
    held: set[tuple[str, int | None]] = set()
    held.update(RoleGrant.objects.filter(agent=agent).values_list("role__slug", "department_id"))
    if wanted == held:
        return agent
    if (roles.ADMIN, None) in held - wanted:
        _keep_an_admin(besides=agent)
    RoleGrant.objects.filter(agent=agent).delete()
    role_ids = dict(Role.objects.values_list("slug", "id"))
    RoleGrant.objects.bulk_create(
        RoleGrant(agent=agent, role_id=role_ids[slug], department_id=department_id) for slug, department_id in wanted
    )
    fact = AgentRolesChanged(agent_id=agent.pk, before=_listed(held), after=_listed(wanted))
    append(fact, actor=actor, cause=cause)
    return agent


@transaction.atomic
def deactivate_agent(agent_id: int, *, actor: Actor) -> Agent:
    """Shut the account: no sign-in, sessions end, history stays. Raises LastAdmin."""
    agent = Agent.objects.select_for_update().get(id=agent_id)
    if agent.is_active:
        if RoleGrant.objects.filter(agent=agent, role__slug=roles.ADMIN, department=None).exists():
            _keep_an_admin(besides=agent)
        agent.is_active = False
        agent.save(update_fields=["is_active"])
        end_sessions(agent)
        append(AgentDeactivated(agent_id=agent.pk), actor=actor)
    return agent


@transaction.atomic
def reactivate_agent(agent_id: int, *, actor: Actor) -> Agent:
    """Open the account again, with the roles it had."""
    agent = Agent.objects.select_for_update().get(id=agent_id)
    if not agent.is_active:
        agent.is_active = True
        agent.save(update_fields=["is_active"])
        append(AgentReactivated(agent_id=agent.pk), actor=actor)
    return agent


def _set_password(agent: Agent, password: str | None) -> None:
    if password is None:
        agent.set_unusable_password()
        return
    try:
        validate_password(password, agent)
    except ValidationError as refused:
        raise WeakPassword(password=refused.messages) from refused
    agent.set_password(password)


def _keep_an_admin(*, besides: Agent) -> None:
    admins = RoleGrant.objects.filter(role__slug=roles.ADMIN, department=None)
    # Locked first and looked at afterwards: two administrators may be let go of at the same moment.
    list(admins.select_for_update(of=("self",)).order_by("id"))
    if not admins.filter(agent__is_active=True).exclude(agent=besides).exists():
        raise LastAdmin


def _listed(grants: set[tuple[str, int | None]]) -> list[list[str | int | None]]:
    return [[slug, department_id] for slug, department_id in sorted(grants, key=str)]
