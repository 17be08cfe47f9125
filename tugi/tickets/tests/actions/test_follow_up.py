from __future__ import annotations

import pytest

from tugi.events import actors
from tugi.tickets import actions
from tugi.tickets.errors import TicketIsMerged
from tugi.tickets.models import Category, Ticket
from tugi.tickets.testing import DeskTest, assert_events, incoming, make_ticket, merge, receive


class FollowUpTest(DeskTest):
    def follow_up(self, earlier: Ticket, subject: str = "") -> Ticket:
        dora = self.cast.dora
        later, _message = actions.open_follow_up(
            earlier.pk, incoming(dora, "It is broken again."), subject=subject, actor=actors.contact(dora.pk)
        )
        return later

    def test_a_new_ticket_opens_where_the_old_one_is_and_each_names_the_other(self) -> None:
        earlier = make_ticket(self.cast.south, self.cast.dora, subject="Broken lamp", category=Category.CLOSED)
        later = self.follow_up(earlier)

        assert (later.department, later.subject, later.assignee) == (self.cast.south, "Broken lamp", None)
        assert_events(later, "ticket.opened", "message.received", "ticket.follows")
        assert_events(earlier, "ticket.opened", "message.received", "ticket.status_changed", "ticket.followed_up")

    def test_the_old_ticket_stays_as_it_was(self) -> None:
        earlier = make_ticket(self.cast.north, self.cast.dora, category=Category.RESOLVED)
        self.follow_up(earlier)
        before, active = earlier.message_count, earlier.active_at
        earlier.refresh_from_db()

        assert (earlier.is_done, earlier.message_count, earlier.active_at) == (True, before, active)

    def test_its_own_subject_goes_before_the_old_one(self) -> None:
        earlier = make_ticket(self.cast.north, self.cast.dora, subject="Broken lamp")

        assert self.follow_up(earlier, "Another lamp").subject == "Another lamp"

    def test_a_merged_ticket_is_followed_by_none(self) -> None:
        earlier, target = (make_ticket(self.cast.north, self.cast.dora) for _ in range(2))
        merge(earlier, into=target, agent=self.cast.ben)

        with pytest.raises(TicketIsMerged):
            self.follow_up(earlier)


class LostAgentTest(DeskTest):
    def test_who_has_no_access_any_more_lets_go_at_the_next_message(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora, assignee=self.cast.ben)
        self.cast.ben.grants.all().delete()

        receive(ticket, is_automatic=True)
        assert ticket.assignee == self.cast.ben
        receive(ticket)
        assert ticket.assignee is None

    def test_who_has_access_keeps_the_ticket(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora, assignee=self.cast.ben)
        receive(ticket)

        assert ticket.assignee == self.cast.ben
