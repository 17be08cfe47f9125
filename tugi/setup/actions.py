from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from tugi.channels.email.actions import add_mailbox
from tugi.core import clock
from tugi.core.errors import NotFound
from tugi.core.models import DeskSettings
from tugi.events import actors
from tugi.events.actors import Actor
from tugi.events.log import append
from tugi.people import roles
from tugi.people.actions import add_agent, add_department
from tugi.people.models import Agent
from tugi.setup.events import DeskChanged, DeskFilled, DeskSetUp
from tugi.setup.models import SetUpKey


@dataclass(frozen=True)
class FirstDesk:
    """What the set-up page asks for. `address` is the first mailbox's."""

    company: str
    language: str
    time_zone: str
    name: str
    email: str
    password: str
    address: str


@transaction.atomic
def set_up_desk(first: FirstDesk) -> Agent:
    """Make the desk's first administrator, department and mailbox, and close the set-up page for ever.

    Raises NotFound if somebody else was faster, WeakPassword, or what the mailbox refuses.
    """
    desk = DeskSettings.lock()
    if desk.is_set_up:
        raise NotFound
    desk.company, desk.language, desk.time_zone = first.company, first.language, first.time_zone
    desk.set_up_at = clock.now()
    desk.save()
    SetUpKey.objects.all().delete()
    agent = _first_agent(first)
    _first_mailbox(first, head=agent)
    append(DeskSetUp(agent_id=agent.pk), actor=actors.agent(agent.pk))
    return agent


def _first_agent(first: FirstDesk) -> Agent:
    return add_agent(
        email=first.email,
        name=first.name,
        password=first.password,
        language=first.language,
        time_zone=first.time_zone,
        grants=[(roles.ADMIN, None)],
        actor=actors.system("web"),
    )


def _first_mailbox(first: FirstDesk, *, head: Agent) -> None:
    """With the department that answers it, named in the desk's language."""
    system = actors.system("web")
    with translation.override(first.language):
        department = add_department(name=_("Customer support"), head=head, actor=system)
    add_mailbox(
        address=first.address,
        display_name=first.company,
        department=department,
        language=first.language,
        actor=system,
    )


@transaction.atomic
def record_filling(tickets: int, *, actor: Actor) -> None:
    """Say in the log that everything on this desk was made up for a demo."""
    append(DeskFilled(tickets=tickets), actor=actor)


@transaction.atomic
def change_desk(*, company: str, language: str, time_zone: str, actor: Actor) -> DeskSettings:
    """Change the company's name, and the desk's language and time zone."""
    desk = DeskSettings.lock()
    wanted = {"company": company, "language": language, "time_zone": time_zone}
    changed = [name for name, value in wanted.items() if getattr(desk, name) != value]
    for name in changed:
        setattr(desk, name, wanted[name])
    if changed:
        desk.save(update_fields=changed)
        append(DeskChanged(fields=changed), actor=actor)
    return desk
