from __future__ import annotations

from tugi.events import actors
from tugi.tickets import actions
from tugi.tickets.actions.links import link_for
from tugi.tickets.models import TicketLink
from tugi.tickets.testing import DeskTest, make_ticket


class LinkTest(DeskTest):
    def setUp(self) -> None:
        self.ticket = make_ticket(self.cast.north, self.cast.dora)
        self.key = actions.make_link(self.ticket.pk, contact_id=self.cast.dora.pk)

    def test_a_key_opens_its_ticket_as_its_contact(self) -> None:
        link = link_for(self.key)

        assert link is not None
        assert (link.ticket, link.contact) == (self.ticket, self.cast.dora)

    def test_the_key_itself_is_kept_nowhere(self) -> None:
        assert self.key not in str(list(TicketLink.objects.values()))

    def test_other_keys_open_nothing(self) -> None:
        wrong = ["", " ", self.key[:-1], self.key + "a", self.key.swapcase(), "\0"]

        assert [link_for(key) for key in wrong] == [None] * len(wrong)

    def test_a_revoked_key_opens_nothing(self) -> None:
        other = actions.make_link(self.ticket.pk, contact_id=self.cast.emil.pk)

        revoked = actions.revoke_links(
            self.ticket.pk, contact_id=self.cast.dora.pk, actor=actors.agent(self.cast.ben.pk)
        )

        assert revoked == 1
        assert link_for(self.key) is None
        assert link_for(other) is not None
