"""The desk does not write to itself: its own addresses are refused where copies are asked for."""

from __future__ import annotations

from typing import Any

from tugi.channels.email.marks import make_reply_address
from tugi.channels.email.testing import make_mailbox
from tugi.core.testing import HTMX
from tugi.people.contact_search import index_contact
from tugi.people.models import Identity
from tugi.people.our_addresses import is_ours
from tugi.tickets.models import Participant
from tugi.tickets.testing import DeskTest, make_contact, make_ticket

REFUSED = "is an address of this desk"


class OurAddressesTest(DeskTest):
    def setUp(self) -> None:
        make_mailbox(self.cast.north, "support@acme.example", aliases=["help@acme.example"])
        make_mailbox(self.cast.south, "old@acme.example", is_active=False)
        self.ticket = make_ticket(self.cast.north, self.cast.dora)
        self.sign_in(self.cast.ben)

    def add(self, typed: str) -> Any:
        return self.client.post(f"/tickets/{self.ticket.number}/participants", {"add": typed}, headers=HTMX)

    def test_every_spelling_of_them_is_refused_and_becomes_no_contact(self) -> None:
        for address in (
            "support@acme.example",
            "Support Team <SUPPORT@Acme.Example>",
            "support+lamps@acme.example",
            "help@acme.example",
            "old@acme.example",
            make_reply_address("support@acme.example", 7),
            make_reply_address("help@acme.example", 7),
        ):
            self.assertContains(self.add(address), REFUSED, status_code=422)
        assert not Participant.objects.exists()
        assert not Identity.objects.filter(value__endswith="@acme.example").exists()

    def test_a_contact_under_such_an_address_is_refused_by_name_too(self) -> None:
        team = make_contact("Zora Team", "support@acme.example")
        index_contact(team.pk, {self.cast.north.pk})

        self.assertContains(self.add("zora"), REFUSED, status_code=422)

    def test_others_at_the_same_domain_are_not_ours(self) -> None:
        assert self.add("sales@acme.example").status_code == 200
        assert not is_ours("support@acme.example.evil.example")
        assert not is_ours("not an address")
