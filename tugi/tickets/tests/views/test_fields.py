from __future__ import annotations

from typing import Any

from tugi.core.testing import HTMX, assert_fragment
from tugi.events import actors
from tugi.people import roles
from tugi.people.testing import grant_role
from tugi.tickets import actions
from tugi.tickets.models import Category, Priority, Tag, Ticket
from tugi.tickets.testing import DeskTest, assert_events, make_ticket, status


class FieldTest(DeskTest):
    def setUp(self) -> None:
        self.ticket = make_ticket(self.cast.north, self.cast.dora)
        self.path = f"/tickets/{self.ticket.number}"
        self.sign_in(self.cast.ben)

    def send(self, field: str, *, htmx: bool = True, **data: Any) -> Any:
        return self.client.post(f"{self.path}/{field}", data, headers=HTMX if htmx else {})

    def now(self) -> Ticket:
        return Ticket.objects.get(pk=self.ticket.pk)

    def test_assigning_answers_with_the_ticket_as_it_is_now(self) -> None:
        answer = self.send("assignment", agent="me")

        text = assert_fragment(answer, "ticket-head")
        assert "Assigned to Ben North." in text
        assert f"/tickets/{self.ticket.number}/assignment?agent=" in text
        assert "live" in answer["HX-Trigger"]
        assert self.now().assignee == self.cast.ben
        assert_events(self.ticket, "ticket.opened", "message.received", "ticket.assigned")

    def test_assigning_to_nobody_and_undoing_by_the_link_of_the_toast(self) -> None:
        self.send("assignment", agent=self.cast.ben.pk)
        self.send("assignment", agent="")
        assert self.now().assignee is None

        self.client.post(f"{self.path}/assignment?agent={self.cast.ben.pk}", headers=HTMX)

        assert self.now().assignee == self.cast.ben

    def test_who_has_no_access_is_neither_offered_nor_taken(self) -> None:
        offered = self.client.get(f"{self.path}/assignment", headers=HTMX)

        self.assertContains(offered, "Leo Light")
        self.assertNotContains(offered, "Cleo")
        assert self.send("assignment", agent=self.cast.cleo.pk).status_code == 409
        assert self.send("assignment", agent=987654321).status_code == 422
        assert self.now().assignee is None

    def test_without_htmx_a_change_leads_back_to_the_ticket(self) -> None:
        answer = self.client.post(f"{self.path}/priority?view=open", {"priority": "high"})

        self.assertRedirects(answer, f"{self.path}?view=open", fetch_redirect_response=False)
        assert self.now().priority == Priority.HIGH

    def test_status_priority_and_subject_change(self) -> None:
        resolved = status(Category.RESOLVED)
        assert self.send("status", status=resolved.pk).status_code == 200
        assert self.send("priority", priority="urgent").status_code == 200
        assert self.send("subject", subject="Something else").status_code == 200

        ticket = self.now()
        assert (ticket.status, ticket.priority, ticket.subject) == (resolved, "urgent", "Something else")

    def test_tags_come_and_go(self) -> None:
        self.send("tags", add="vip, pos")
        self.send("tags", remove="vip")

        assert list(self.now().tags.values_list("name", flat=True)) == ["pos"]
        assert Tag.objects.count() == 2

    def test_a_move_out_of_sight_leads_to_the_list(self) -> None:
        answer = self.send("department", department=self.cast.south.pk)

        assert answer["HX-Redirect"] == "/tickets/"
        assert self.now().department == self.cast.south
        assert self.client.get(self.path).status_code == 404

    def test_a_move_within_sight_stays(self) -> None:
        grant_role(self.cast.ben, roles.AGENT, self.cast.south)

        text = assert_fragment(self.send("department", department=self.cast.south.pk), "ticket-head")

        assert "Moved to South." in text

    def test_a_stale_change_is_refused_and_told_what_happened(self) -> None:
        before = self.now().version
        actions.change_priority(self.ticket.pk, to=Priority.HIGH, actor=actors.agent(self.cast.ada.pk))

        answer = self.send("status", status=status(Category.RESOLVED).pk, version=before)

        assert answer.status_code == 409
        self.assertContains(answer, "Ada Admin changed the priority from Normal to High.", status_code=409)
        assert self.now().status.category == Category.NEW

    def test_values_of_the_wrong_shape_are_refused(self) -> None:
        wrong: tuple[tuple[str, dict[str, Any]], ...] = (
            ("status", {"status": "x"}),
            ("status", {}),
            ("status", {"status": 999999}),
            ("priority", {"priority": "highest"}),
            ("assignment", {"agent": "1 OR 1=1"}),
            ("department", {"department": "-1"}),
            ("status", {"status": 2, "version": "zero"}),
        )
        for field, data in wrong:
            assert self.send(field, **data).status_code == 422, (field, data)

    def test_unknown_and_repeated_keys_are_refused(self) -> None:
        before = Ticket.objects.values().get(pk=self.ticket.pk)
        for data in (
            {"priority": "high", "department": self.cast.south.pk},
            {"priority": "high", "department_id": self.cast.south.pk, "assignee__is_staff": "true"},
            {"priority": "high", "number": 1, "version__gte": 0},
            {"priority": ["high", "low"]},
        ):
            assert self.send("priority", **data).status_code == 400, data

        assert Ticket.objects.values().get(pk=self.ticket.pk) == before

    def test_each_door_is_shut_to_another_department_and_to_light_agents(self) -> None:
        wanted: dict[str, dict[str, Any]] = {
            "assignment": {"agent": "me"},
            "status": {"status": status(Category.OPEN).pk},
            "priority": {"priority": "high"},
            "subject": {"subject": "x"},
            "department": {"department": self.cast.south.pk},
            "tags": {"add": "x"},
        }
        before = Ticket.objects.values().get(pk=self.ticket.pk)
        for agent in (self.cast.cleo, self.cast.leo):
            self.sign_in(agent)
            for field, data in wanted.items():
                assert self.send(field, **data).status_code == 404, (agent, field)
            for field in ("assignment", "department"):
                assert self.client.get(f"{self.path}/{field}").status_code == 404

        assert Ticket.objects.values().get(pk=self.ticket.pk) == before

    def test_reading_changes_nothing(self) -> None:
        before = Ticket.objects.values().get(pk=self.ticket.pk)
        for field in ("assignment", "status", "priority", "subject", "department", "tags"):
            answer = self.client.get(f"{self.path}/{field}?agent=me&status=2&priority=high&add=x")

            assert answer.status_code in (200, 405), field
        assert Ticket.objects.values().get(pk=self.ticket.pk) == before

    def test_choices_are_a_page_without_htmx(self) -> None:
        for field in ("assignment", "department"):
            self.assertContains(self.client.get(f"{self.path}/{field}"), "<html")
