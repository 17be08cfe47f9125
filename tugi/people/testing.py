"""The cast. Two departments with a wall between them, and people on both sides of it.

Ada       admin of the whole desk
Ben       agent in North
Cleo      agent in South
Leo       light agent in North: sees and notes, does not answer or change
Dora      a contact (dora@dora.example, of the organisation Dora Ltd)
Emil      another contact (emil@emil.example)

    class MyTest(TestCase):
        @classmethod
        def setUpTestData(cls) -> None:
            cls.cast = make_cast()

The desk is set up, in English, in UTC. Agents sign in with `PASSWORD`; tests mostly `force_login`.
Rows are read again for each test by Django's TestCase; in a pytest function call `make_cast()` first.
"""

from __future__ import annotations

from dataclasses import dataclass

from tugi.core import clock
from tugi.core.models import DeskSettings
from tugi.people import roles
from tugi.people.models import (
    Agent,
    Contact,
    Department,
    Identity,
    IdentityKind,
    Organisation,
    Role,
    RoleGrant,
)

PASSWORD = "slow purple tractor 17"  # noqa: S105 - of the cast


@dataclass
class Cast:
    north: Department
    south: Department
    ada: Agent
    ben: Agent
    cleo: Agent
    leo: Agent
    dora: Contact
    emil: Contact


def make_cast() -> Cast:
    """The desk, its two departments, four agents and two contacts."""
    DeskSettings.objects.update_or_create(id=1, defaults={"company": "Acme", "set_up_at": clock.now()})
    north, south = make_department("North"), make_department("South")
    return Cast(
        north=north,
        south=south,
        ada=make_agent("Ada Admin", role=roles.ADMIN),
        ben=make_agent("Ben North", department=north),
        cleo=make_agent("Cleo South", department=south),
        leo=make_agent("Leo Light", role=roles.LIGHT_AGENT, department=north),
        dora=make_contact("Dora Customer", "dora@dora.example", organisation="Dora Ltd"),
        emil=make_contact("Emil Customer", "emil@emil.example"),
    )


def make_department(name: str) -> Department:
    return Department.objects.create(name=name, position=Department.objects.count())


def make_agent(
    name: str, *, role: str = roles.AGENT, department: Department | None = None, language: str = "en"
) -> Agent:
    """An agent with a built-in role in one department, or without one on the whole desk.

    The address is the first name at acme.example: ada@acme.example.
    """
    address = f"{name.split()[0].lower()}@acme.example"
    agent = Agent(name=name, email=address, language=language, joined_at=clock.now())
    agent.set_password(PASSWORD)
    agent.save()
    grant_role(agent, role, department)
    return agent


def grant_role(agent: Agent, role: str, department: Department | None = None) -> RoleGrant:
    """Give the agent one more role. An instance that was asked before keeps its old access: load it again."""
    return RoleGrant.objects.create(agent=agent, role=Role.objects.get(slug=role), department=department)


def make_contact(
    name: str, address: str, *, organisation: str = "", language: str = "", proven: bool = True
) -> Contact:
    """A contact with one e-mail address."""
    now = clock.now()
    contact = Contact.objects.create(name=name, language=language, created_at=now)
    proven_at = now if proven else None
    Identity.objects.create(contact=contact, kind=IdentityKind.EMAIL, value=address, proven_at=proven_at)
    if organisation:
        of, _ = Organisation.objects.get_or_create(name=organisation, defaults={"created_at": now})
        contact.organisations.add(of)
    return contact
