from __future__ import annotations

from django.conf import settings
from django.test import Client

from tugi.core.testing import most_queries
from tugi.events import actors, stamping
from tugi.live import log, viewers
from tugi.live.viewers import Viewer
from tugi.people.models import Agent, Role
from tugi.people.testing import grant_role
from tugi.tickets import actions
from tugi.tickets.models import Ticket
from tugi.tickets.testing import DeskTest, make_ticket


def viewer(agent: Agent) -> Viewer:
    client = Client()
    client.force_login(agent)
    found = viewers.viewer_of(client.cookies[settings.SESSION_COOKIE_NAME].value)
    assert found is not None
    return found


class ViewersTest(DeskTest):
    def test_sees_the_same_tickets_as_the_pages_show(self) -> None:
        tickets = [make_ticket(place, self.cast.dora) for place in (self.cast.north, self.cast.south)]

        for agent in (self.cast.ada, self.cast.ben, self.cast.cleo, self.cast.leo):
            shown = set(Ticket.objects.visible_to(agent))
            heard = {ticket for ticket in tickets if viewer(agent).sees_department(ticket.department_id)}
            assert heard == shown, agent

    def test_hears_only_of_topics_that_exist_for_them(self) -> None:
        mine, foreign = (make_ticket(place, self.cast.dora) for place in (self.cast.north, self.cast.south))
        wanted = [f"ticket:{mine.number}", f"ticket:{foreign.number}", "inbox", "me", "*", "ticket:*"]

        assert viewers.may_listen(viewer(self.cast.ben), wanted) == [f"ticket:{mine.number}", "inbox", "me"]

    def test_stays_while_nothing_changes(self) -> None:
        present = {viewer(agent) for agent in (self.cast.ada, self.cast.ben, self.cast.cleo)}

        with most_queries(3):
            assert viewers.ended(present) == set()

    def test_ends_with_another_permission_of_the_role(self) -> None:
        ben, ada = viewer(self.cast.ben), viewer(self.cast.ada)
        role = Role.objects.get(slug="agent")
        role.permissions = role.permissions[:-1]
        role.save()

        assert viewers.ended({ben, ada}) == {ben}

    def test_ends_with_a_grant_more_or_less(self) -> None:
        ben = viewer(self.cast.ben)
        grant = grant_role(self.cast.ben, "light_agent", self.cast.south)

        assert viewers.ended({ben}) == {ben}
        grant.delete()
        assert viewers.ended({ben}) == set()


class LogTest(DeskTest):
    def test_nothing_has_happened_on_a_new_desk(self) -> None:
        assert log.head() == 0
        assert log.read(0) == []

    def test_reads_stamped_events_only_with_a_query_for_each_table(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora)
        assert log.read(0) == []
        stamping.stamp()

        with most_queries(2):
            happenings = log.read(0)

        assert [happening.seq for happening in happenings] == list(range(1, log.head() + 1))
        assert {happening.ticket for happening in happenings} == {ticket.number}

    def test_who_loses_a_ticket_hears_of_that_but_not_of_what_was_before(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora)
        actions.move_ticket(ticket.pk, to=self.cast.south, actor=actors.system())
        stamping.stamp()
        ben, cleo = viewer(self.cast.ben), viewer(self.cast.cleo)

        happenings = log.read(0)

        assert [happening.kind for happening in happenings if happening.is_told_to(ben)] == ["ticket.moved"]
        assert all(happening.is_told_to(cleo) for happening in happenings)
        assert not any(happening.is_seen_by(ben) for happening in happenings)
