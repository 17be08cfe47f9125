"""Invitations at the message: a card in the reader's zone, with its calendar as a file."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

from tugi.channels.email.testing import DORA, SUPPORT, MailTest, message_of
from tugi.tickets.models import Message

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
METHOD:{method}
BEGIN:VEVENT
UID:1@dora.example
SUMMARY:Visit <b>to</b> the plant
DTSTART;TZID=America/New_York:20261124T090000
DTEND;TZID=America/New_York:20261124T103000
RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=6
LOCATION:Hall 7
ORGANIZER;CN=Dora:mailto:dora@dora.example
ATTENDEE;PARTSTAT=DECLINED;CN=Ben:mailto:ben@acme.example
END:VEVENT
END:VCALENDAR
"""


class InvitationsTest(MailTest):
    def page(self, method: str = "REQUEST", zone: str = "Europe/Tallinn") -> str:
        self.cast.ada.time_zone = zone
        self.cast.ada.save()
        self.sign_in(self.cast.ada)
        return self.client.get(f"/tickets/{self.invited(method).ticket.number}").content.decode()

    def invited(self, method: str = "REQUEST") -> Message:
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"], mail["Subject"] = DORA, SUPPORT, "Visit"
        mail["Message-ID"] = f"<{method}@dora.example>"
        mail.set_content("Please come")
        mail.add_alternative(CALENDAR.format(method=method), subtype="calendar", params={"method": method})
        return message_of(self.receive(mail.as_bytes()))

    def test_the_card_says_what_when_and_where(self) -> None:
        page = self.page()
        for said in (
            "Invitation",
            "Visit &lt;b&gt;to&lt;/b&gt; the plant",
            "Tuesday, 24 November 2026, 16:00–17:30 (Tallinn)",
            "There: Tuesday, 24 November 2026, 09:00–10:30 (New York)",
            "Every 2 weeks: Tuesday, 6 times",
            "Hall 7",
            "Dora &lt;dora@dora.example&gt;",
        ):
            self.assertIn(said, page)

    def test_the_organisers_zone_is_not_told_where_it_is_the_readers(self) -> None:
        self.assertNotIn("There:", self.page(zone="America/New_York"))

    def test_a_cancellation_and_an_answer_say_so(self) -> None:
        self.assertIn("Cancelled", self.page("CANCEL"))
        self.assertIn("Ben declines", self.page("REPLY"))

    def test_the_calendar_is_a_file_of_the_card_only(self) -> None:
        message = self.invited()
        file = message.attachments.get()
        self.assertTrue(file.is_noise)
        self.sign_in(self.cast.ada)
        page = self.client.get(f"/tickets/{message.ticket.number}").content.decode()
        self.assertEqual(page.count(f"/attachments/{file.pk}"), 1)

    def test_ordinary_messages_have_no_card(self) -> None:
        ticket = self.open_ticket()
        self.assertIsNone(Message.objects.get(ticket=ticket).invitations)
