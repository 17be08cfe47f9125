"""A mail that does not say who wrote it."""

from __future__ import annotations

from django.urls import reverse

from tugi.channels.email.testing import MailTest, message_of
from tugi.events.testing import run_consumers
from tugi.people.models import Identity
from tugi.tickets.models import Delivery, Ticket
from tugi.tickets.testing import reply

NAMELESS = b"Subject: Who am I\r\n\r\nNobody knows who wrote this, %d."


class UnknownSenderTest(MailTest):
    def open_unknown(self, number: int = 1) -> Ticket:
        return message_of(self.receive(NAMELESS % number)).ticket

    def test_nobody_is_a_contact_without_an_address_and_each_time_another(self) -> None:
        first, second = self.open_unknown(1), self.open_unknown(2)
        assert first.contact != second.contact
        assert not Identity.objects.filter(value__contains="unknown").exists()
        assert message_of(self.receive(NAMELESS % 3)).author_address == ""

    def test_a_broken_from_leaves_the_name(self) -> None:
        row = self.receive(b"From: Peter Printer\r\nSubject: Jam\r\n\r\nPaper jam.")
        assert (message_of(row).author_address, message_of(row).author_name) == ("", "")

    def test_every_screen_says_unknown_sender(self) -> None:
        ticket = self.open_unknown()
        self.sign_in(self.cast.ben)
        page = self.client.get(reverse("ticket", args=[ticket.number])).content.decode()
        inbox = self.client.get(reverse("inbox"), {"view": "open"}).content.decode()
        assert "Unknown sender" in inbox
        assert page.count("Unknown sender") >= 2
        assert "unknown.invalid" not in page + inbox

    def test_the_screens_say_so_in_the_agents_language(self) -> None:
        ticket = self.open_unknown()
        self.cast.ben.language = "ru"
        self.cast.ben.save()
        self.sign_in(self.cast.ben)
        assert "Неизвестный отправитель" in self.client.get(reverse("ticket", args=[ticket.number])).content.decode()

    def test_the_composer_says_that_there_is_nobody_to_answer(self) -> None:
        ticket = self.open_unknown()
        self.sign_in(self.cast.ben)
        page = self.client.get(reverse("ticket", args=[ticket.number])).content.decode()
        assert "The customer has no e-mail address: the reply is kept here only." in page

    def test_a_reply_leaves_for_nobody_and_says_why(self) -> None:
        ticket = self.open_unknown()
        said = reply(ticket, "Who are you?", author=self.cast.ben)
        run_consumers()
        said.refresh_from_db()
        assert said.delivery == Delivery.FAILED
        assert said.delivery_error
        assert not ticket.outbound_mails.exists()
