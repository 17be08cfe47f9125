from __future__ import annotations

from django.urls import reverse

from tugi.tickets import actions
from tugi.tickets.actions.links import link_for
from tugi.tickets.testing import DeskTest, make_ticket


class RevocationTest(DeskTest):
    def setUp(self) -> None:
        self.ticket = make_ticket(self.cast.north, self.cast.dora)
        self.key = actions.make_link(self.ticket.pk, contact_id=self.cast.dora.pk)
        self.address = reverse("ticket-links-revocation", args=[self.ticket.number])

    def test_an_agent_makes_the_customers_links_void(self) -> None:
        self.sign_in(self.cast.ben)

        self.client.post(self.address)

        assert link_for(self.key) is None

    def test_who_may_not_change_the_ticket_may_not(self) -> None:
        for agent in (self.cast.leo, self.cast.cleo):
            self.sign_in(agent)
            assert self.client.post(self.address).status_code == 404

        assert link_for(self.key) is not None
