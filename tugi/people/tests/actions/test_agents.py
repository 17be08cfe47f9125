from __future__ import annotations

import pytest
from django.test import TestCase

from tugi.events import actors
from tugi.events.models import Event
from tugi.people import actions, roles
from tugi.people.access import access_of
from tugi.people.errors import EmailTaken, LastAdmin, WeakPassword
from tugi.people.models import Agent, Permission
from tugi.people.testing import PASSWORD, Cast, make_agent, make_cast


class AgentActionTest(TestCase):
    cast: Cast

    @classmethod
    def setUpTestData(cls) -> None:
        cls.cast = make_cast()

    def setUp(self) -> None:
        self.actor = actors.agent(self.cast.ada.pk)

    def kinds(self) -> list[str]:
        return list(Event.objects.order_by("id").values_list("kind", flat=True))


class AddAgentTest(AgentActionTest):
    def test_an_agent_gets_an_account_and_roles(self) -> None:
        agent = actions.add_agent(
            email="Nora@Acme.example ",
            name="Nora New",
            password=PASSWORD,
            grants=[(roles.AGENT, self.cast.north)],
            actor=self.actor,
        )

        assert agent.email == "nora@acme.example"
        assert agent.check_password(PASSWORD)
        assert access_of(agent).in_department(Permission.REPLY, self.cast.north.pk)
        assert self.kinds() == ["agent.added", "agent.roles_changed"]

    def test_without_a_password_nobody_can_sign_in_as_the_agent(self) -> None:
        agent = actions.add_agent(email="nora@acme.example", name="Nora", actor=self.actor)

        assert not agent.has_usable_password()

    def test_an_address_is_one_agents_whatever_the_case(self) -> None:
        with pytest.raises(EmailTaken):
            actions.add_agent(email="ADA@acme.example", name="Other", actor=self.actor)

    def test_a_weak_password_is_refused_and_nobody_added(self) -> None:
        for weak in ("short", "1234567890123456", "nora@acme.example"):
            with pytest.raises(WeakPassword):
                actions.add_agent(email="nora@acme.example", name="Nora", password=weak, actor=self.actor)

        assert not Agent.objects.filter(email="nora@acme.example").exists()


class RolesTest(AgentActionTest):
    def test_roles_are_exactly_what_was_granted(self) -> None:
        actions.grant_roles(self.cast.ben.pk, [(roles.LEAD, self.cast.south)], actor=self.actor)

        access = access_of(Agent.objects.get(id=self.cast.ben.pk))
        assert access.departments_for(Permission.REPLY) == frozenset({self.cast.south.pk})
        assert access.in_department(Permission.MANAGE_MAIL, self.cast.south.pk)

    def test_an_administrator_of_one_department_does_not_manage_the_people_of_the_desk(self) -> None:
        actions.grant_roles(self.cast.ben.pk, [(roles.ADMIN, self.cast.north)], actor=self.actor)

        access = access_of(Agent.objects.get(id=self.cast.ben.pk))
        assert not access.anywhere(Permission.MANAGE_PEOPLE)
        assert not access.anywhere(Permission.MANAGE_DESK)
        assert access.in_department(Permission.MANAGE_MAIL, self.cast.north.pk)

    def test_the_same_roles_again_say_nothing(self) -> None:
        actions.grant_roles(self.cast.ben.pk, [(roles.AGENT, self.cast.north)], actor=self.actor)

        assert self.kinds() == []

    def test_the_last_administrator_stays_one(self) -> None:
        with pytest.raises(LastAdmin):
            actions.grant_roles(self.cast.ada.pk, [(roles.AGENT, None)], actor=self.actor)

    def test_one_of_two_administrators_may_step_back(self) -> None:
        make_agent("Abe Admin", role=roles.ADMIN)

        actions.grant_roles(self.cast.ada.pk, [(roles.AGENT, None)], actor=self.actor)

        assert not access_of(Agent.objects.get(id=self.cast.ada.pk)).anywhere(Permission.MANAGE_PEOPLE)


class DeactivateTest(AgentActionTest):
    def test_a_deactivated_agent_may_do_nothing(self) -> None:
        agent = actions.deactivate_agent(self.cast.ben.pk, actor=self.actor)

        assert not access_of(agent).anywhere(Permission.SEE_TICKETS)

    def test_a_reactivated_agent_has_the_old_roles(self) -> None:
        actions.deactivate_agent(self.cast.ben.pk, actor=self.actor)

        agent = actions.reactivate_agent(self.cast.ben.pk, actor=self.actor)

        assert access_of(agent).in_department(Permission.REPLY, self.cast.north.pk)
        assert self.kinds() == ["agent.deactivated", "agent.reactivated"]

    def test_the_last_administrator_cannot_be_shut_out(self) -> None:
        with pytest.raises(LastAdmin):
            actions.deactivate_agent(self.cast.ada.pk, actor=self.actor)


class ProfileTest(AgentActionTest):
    def test_only_what_changed_is_said(self) -> None:
        actions.change_profile(self.cast.ben.pk, actor=actors.agent(self.cast.ben.pk), name="Ben North", language="et")

        event = Event.objects.get()
        assert (event.kind, event.data["fields"]) == ("agent.profile_changed", ["language"])

    def test_a_new_password_replaces_the_old_one(self) -> None:
        agent = actions.change_password(
            self.cast.ben.pk, password="seven green bicycles", actor=actors.agent(self.cast.ben.pk)
        )

        assert agent.check_password("seven green bicycles")
        assert self.kinds() == ["agent.password_changed"]
