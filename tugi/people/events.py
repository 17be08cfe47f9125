"""What can happen to people, as facts in the log. Names and addresses stay in the tables."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tugi.events.facts import Fact, Names, fact


@dataclass(frozen=True)
class AgentFact(Fact):
    """A fact about one agent."""

    agent_id: int

    @property
    def subject(self) -> tuple[str, int]:
        return ("agent", self.agent_id)


@fact("agent.added", public=False)
@dataclass(frozen=True)
class AgentAdded(AgentFact):
    """Somebody got an account at the desk."""

    def sentence(self, name: Names) -> str:
        return _("added %(agent)s as an agent") % {"agent": name("agent", self.agent_id)}


@fact("agent.profile_changed", public=False)
@dataclass(frozen=True)
class AgentProfileChanged(AgentFact):
    """An agent's own settings changed; `fields` are the names of what changed, not the values."""

    fields: list[str]

    def sentence(self, name: Names) -> str:
        return _("changed the profile of %(agent)s") % {"agent": name("agent", self.agent_id)}


@fact("agent.password_changed", public=False)
@dataclass(frozen=True)
class AgentPasswordChanged(AgentFact):
    """An agent has a new password; other sessions ended."""

    def sentence(self, name: Names) -> str:
        return _("changed the password of %(agent)s") % {"agent": name("agent", self.agent_id)}


@fact("agent.link_made", public=False)
@dataclass(frozen=True)
class AccountLinkMade(AgentFact):
    """An agent was given a link to choose a password; earlier links stopped working."""

    def sentence(self, name: Names) -> str:
        return _("made a link for %(agent)s to choose a password") % {"agent": name("agent", self.agent_id)}


@fact("agent.deactivated", public=False)
@dataclass(frozen=True)
class AgentDeactivated(AgentFact):
    """An agent can no longer sign in; history keeps the name."""

    def sentence(self, name: Names) -> str:
        return _("deactivated %(agent)s") % {"agent": name("agent", self.agent_id)}


@fact("agent.reactivated", public=False)
@dataclass(frozen=True)
class AgentReactivated(AgentFact):
    """An agent may sign in again."""

    def sentence(self, name: Names) -> str:
        return _("reactivated %(agent)s") % {"agent": name("agent", self.agent_id)}


@fact("agent.roles_changed", public=False)
@dataclass(frozen=True)
class AgentRolesChanged(AgentFact):
    """What an agent may do changed. Each grant is [role slug, department id or None for the whole desk]."""

    before: list[list[str | int | None]]
    after: list[list[str | int | None]]

    def sentence(self, name: Names) -> str:
        return _("changed the roles of %(agent)s") % {"agent": name("agent", self.agent_id)}


@dataclass(frozen=True)
class DepartmentFact(Fact):
    """A fact about one department."""

    department_id: int

    @property
    def subject(self) -> tuple[str, int]:
        return ("department", self.department_id)


@fact("department.added", public=True)
@dataclass(frozen=True)
class DepartmentAdded(DepartmentFact):
    """The desk has a new department."""

    def sentence(self, name: Names) -> str:
        return _("added the department %(department)s") % {"department": name("department", self.department_id)}


@fact("department.changed", public=True)
@dataclass(frozen=True)
class DepartmentChanged(DepartmentFact):
    """A department was renamed, got another head, or was opened or shut; `fields` names what changed."""

    fields: list[str]

    def sentence(self, name: Names) -> str:
        return _("changed the department %(department)s") % {"department": name("department", self.department_id)}


@fact("organisation.added", public=True)
@dataclass(frozen=True)
class OrganisationAdded(Fact):
    """An organisation that customers belong to became known to the desk."""

    organisation_id: int

    @property
    def subject(self) -> tuple[str, int]:
        return ("organisation", self.organisation_id)

    def sentence(self, name: Names) -> str:
        return _("added the organisation %(organisation)s") % {
            "organisation": name("organisation", self.organisation_id)
        }


@dataclass(frozen=True)
class ContactFact(Fact):
    """A fact about one contact."""

    contact_id: int

    @property
    def subject(self) -> tuple[str, int]:
        return ("contact", self.contact_id)


@fact("contact.added", public=True)
@dataclass(frozen=True)
class ContactAdded(ContactFact):
    """A customer became known to the desk."""

    def sentence(self, name: Names) -> str:
        return _("added the contact %(contact)s") % {"contact": name("contact", self.contact_id)}


@fact("contact.changed", public=True)
@dataclass(frozen=True)
class ContactChanged(ContactFact):
    """A contact's details changed; `fields` names them, the values stay in the table."""

    fields: list[str]

    def sentence(self, name: Names) -> str:
        return _("changed the contact %(contact)s") % {"contact": name("contact", self.contact_id)}


@fact("contact.address_failed", public=True)
@dataclass(frozen=True)
class ContactAddressFailed(ContactFact):
    """Mail to one of a contact's addresses came back for good."""

    identity_id: int

    def sentence(self, name: Names) -> str:
        return _("mail to %(contact)s comes back") % {"contact": name("contact", self.contact_id)}
