from __future__ import annotations

import pytest

from tugi.core.errors import Invalid, NotFound
from tugi.events import actors
from tugi.events.actors import Actor
from tugi.people.actions import change_department, deactivate_agent
from tugi.tickets import actions
from tugi.tickets.errors import AgentCannotTake, StaleTicket
from tugi.tickets.models import Category, Priority, Stage
from tugi.tickets.testing import DeskTest, assert_events, make_agent, make_ticket, status

OPENED = ("ticket.opened", "message.received")


class FieldTest(DeskTest):
    def setUp(self) -> None:
        self.ticket = make_ticket(self.cast.north, self.cast.dora)

    @property
    def ben(self) -> Actor:
        return actors.agent(self.cast.ben.pk)


class AssignTest(FieldTest):
    def test_an_agent_of_the_department_takes_the_ticket(self) -> None:
        ticket = actions.assign_ticket(self.ticket.pk, to=self.cast.ben, actor=self.ben)

        assert ticket.assignee == self.cast.ben
        assert_events(ticket, *OPENED, "ticket.assigned")

    def test_assigning_again_to_the_same_agent_says_nothing(self) -> None:
        for _ in range(2):
            actions.assign_ticket(self.ticket.pk, to=self.cast.ben, actor=self.ben)

        assert_events(self.ticket, *OPENED, "ticket.assigned")

    def test_assigning_to_nobody_frees_the_ticket(self) -> None:
        actions.assign_ticket(self.ticket.pk, to=self.cast.ben, actor=self.ben)

        ticket = actions.assign_ticket(self.ticket.pk, to=None, actor=self.ben)

        assert ticket.assignee is None

    def test_an_agent_without_access_to_the_department_is_refused(self) -> None:
        with pytest.raises(AgentCannotTake):
            actions.assign_ticket(self.ticket.pk, to=self.cast.cleo, actor=self.ben)

    def test_a_deactivated_agent_is_refused(self) -> None:
        gone = make_agent("Gita Gone", department=self.cast.north)
        gone = deactivate_agent(gone.pk, actor=self.ben)

        with pytest.raises(AgentCannotTake):
            actions.assign_ticket(self.ticket.pk, to=gone, actor=self.ben)

    def test_a_ticket_that_is_not_there_is_not_found(self) -> None:
        with pytest.raises(NotFound):
            actions.assign_ticket(0, to=self.cast.ben, actor=self.ben)


class StaleTest(FieldTest):
    def test_a_change_that_saw_an_older_state_is_refused_and_told_how_much_it_missed(self) -> None:
        actions.assign_ticket(self.ticket.pk, to=self.cast.ben, actor=self.ben, version=self.ticket.version)
        actions.change_priority(self.ticket.pk, to=Priority.HIGH, actor=self.ben)

        with pytest.raises(StaleTicket) as refused:
            actions.change_subject(self.ticket.pk, to="Other", actor=self.ben, version=self.ticket.version)

        assert refused.value.detail["missed"] == 2

    def test_a_change_without_a_version_does_not_mind(self) -> None:
        actions.change_priority(self.ticket.pk, to=Priority.HIGH, actor=self.ben)

        ticket = actions.change_subject(self.ticket.pk, to="Other", actor=self.ben)

        assert ticket.subject == "Other"


class MoveTest(FieldTest):
    def test_the_ticket_changes_department(self) -> None:
        ticket = actions.move_ticket(self.ticket.pk, to=self.cast.south, actor=self.ben)

        assert ticket.department == self.cast.south
        assert_events(ticket, *OPENED, "ticket.moved")

    def test_an_assignee_without_access_there_lets_go(self) -> None:
        actions.assign_ticket(self.ticket.pk, to=self.cast.ben, actor=self.ben)

        ticket = actions.move_ticket(self.ticket.pk, to=self.cast.south, actor=self.ben)

        assert ticket.assignee is None
        assert_events(ticket, *OPENED, "ticket.assigned", "ticket.moved", "ticket.assigned")

    def test_an_assignee_with_access_there_keeps_it(self) -> None:
        actions.assign_ticket(self.ticket.pk, to=self.cast.ada, actor=self.ben)

        ticket = actions.move_ticket(self.ticket.pk, to=self.cast.south, actor=self.ben)

        assert ticket.assignee == self.cast.ada

    def test_a_shut_department_takes_no_tickets(self) -> None:
        shut = change_department(self.cast.south.pk, name="South", head=None, is_active=False, actor=self.ben)

        with pytest.raises(Invalid):
            actions.move_ticket(self.ticket.pk, to=shut, actor=self.ben)


class StatusTest(FieldTest):
    def test_resolving_notes_the_time_and_reopening_forgets_it(self) -> None:
        resolved = actions.change_status(self.ticket.pk, to=status(Category.RESOLVED), actor=self.ben)
        assert (resolved.stage, resolved.resolved_at is not None) == (Stage.DONE, True)

        reopened = actions.change_status(self.ticket.pk, to=status(Category.OPEN), actor=self.ben)
        assert (reopened.stage, reopened.resolved_at) == (Stage.OPEN, None)

    def test_closing_keeps_the_time_of_the_solution(self) -> None:
        resolved = actions.change_status(self.ticket.pk, to=status(Category.RESOLVED), actor=self.ben)

        closed = actions.change_status(self.ticket.pk, to=status(Category.CLOSED), actor=self.ben)

        assert closed.resolved_at == resolved.resolved_at


class TagTest(FieldTest):
    def names(self) -> list[str]:
        return [tag.name for tag in self.ticket.tags.all()]

    def test_tags_come_and_go_by_name_whatever_the_case(self) -> None:
        actions.change_tags(self.ticket.pk, add=["VIP", " late  payment "], actor=self.ben)
        actions.change_tags(self.ticket.pk, add=["vip"], remove=["LATE PAYMENT"], actor=self.ben)

        assert self.names() == ["VIP"]
        assert_events(self.ticket, *OPENED, "ticket.tagged", "ticket.tagged")

    def test_the_same_tag_twice_says_nothing(self) -> None:
        for _ in range(2):
            actions.change_tags(self.ticket.pk, add=["vip"], actor=self.ben)

        assert_events(self.ticket, *OPENED, "ticket.tagged")

    def test_several_can_be_taken_off_at_once(self) -> None:
        actions.change_tags(self.ticket.pk, add=["VIP", "late"], actor=self.ben)
        actions.change_tags(self.ticket.pk, remove=iter(["vip", "late"]), actor=self.ben)

        assert self.names() == []

    def test_more_than_fifty_are_refused(self) -> None:
        with pytest.raises(Invalid, match="at most 50 tags"):
            actions.change_tags(self.ticket.pk, add=[f"tag {n}" for n in range(51)], actor=self.ben)

        assert self.names() == []
