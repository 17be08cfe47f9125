from __future__ import annotations

from tugi.events.models import Event
from tugi.tickets.models import Category, MessageKind, Stage
from tugi.tickets.testing import DeskTest, assert_events, make_ticket


class OpenTicketTest(DeskTest):
    def test_a_first_message_becomes_a_new_unread_ticket(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora, subject="Printer", text="It does not print.")

        assert (ticket.status.category, ticket.stage) == (Category.NEW, Stage.OPEN)
        assert (ticket.is_unread, ticket.message_count, ticket.snippet) == (True, 1, "It does not print.")
        assert ticket.waiting_since == ticket.messages.get(kind=MessageKind.INBOUND).created_at
        assert_events(ticket, "ticket.opened", "message.received")

    def test_the_message_is_caused_by_the_opening(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora)

        opened, received = Event.objects.filter(ticket_id=ticket.pk).order_by("id")
        assert received.cause_id == opened.pk

    def test_every_ticket_has_a_number_of_its_own(self) -> None:
        numbers = [make_ticket(self.cast.north, self.cast.dora).number for _ in range(5)]

        assert len(set(numbers)) == 5
        assert numbers == sorted(numbers)

    def test_a_long_subject_is_cut_and_a_missing_one_is_empty(self) -> None:
        long = make_ticket(self.cast.north, self.cast.dora, subject="word " * 200)
        none = make_ticket(self.cast.north, self.cast.dora, subject="")

        assert len(long.subject) <= 250
        assert none.subject == ""

    def test_the_ticket_belongs_to_the_organisation_of_its_contact(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora)

        assert ticket.organisation == self.cast.dora.organisations.get()
