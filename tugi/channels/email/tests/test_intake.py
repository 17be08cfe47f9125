from __future__ import annotations

from tugi.channels.email.actions import accept_raw
from tugi.channels.email.intake import take_in
from tugi.channels.email.models import Outcome, RawMail, TicketMailbox, Via
from tugi.channels.email.testing import MailTest, mail, message_of
from tugi.tickets.models import Message, Proof, Ticket
from tugi.tickets.testing import assert_events


class IntakeTest(MailTest):
    def test_a_mail_becomes_a_ticket_of_its_sender(self) -> None:
        row = self.receive(mail("The printer is on fire, please send help at once."))
        message = message_of(row)
        self.assertEqual(message.text.strip(), "The printer is on fire, please send help at once.")
        self.assertEqual(message.ticket.contact, self.cast.dora)
        self.assertEqual(message.ticket.department, self.cast.north)
        self.assertEqual(message.ticket.subject, "Cannot sign in")
        self.assertEqual(message.raw_blob, row.sha256)
        self.assertEqual(row.outcome, Outcome.OPENED)
        assert_events(message.ticket, "ticket.opened", "message.received")

    def test_the_ticket_remembers_its_mailbox(self) -> None:
        ticket = message_of(self.receive(mail())).ticket
        self.assertEqual(TicketMailbox.objects.get(ticket=ticket).mailbox, self.mailbox)

    def test_a_mail_taken_in_twice_is_one_message(self) -> None:
        row = self.receive(mail())
        take_in(RawMail.objects.get(pk=row.pk))
        stale = RawMail(**{field.attname: getattr(row, field.attname) for field in RawMail._meta.fields})
        stale.outcome = ""
        take_in(stale)
        self.assertEqual(Message.objects.count(), 1)

    def test_the_same_bytes_are_one_row(self) -> None:
        raw = mail()
        first = accept_raw(self.mailbox, raw, via=Via.SMTP)
        second = accept_raw(self.mailbox, raw, via=Via.IMAP)
        self.assertEqual(first.pk, second.pk)

    def test_the_same_mail_by_another_road_is_a_duplicate(self) -> None:
        raw = mail(message_id="<one@dora.example>")
        self.receive(raw)
        row = self.receive(b"Received: by mx2.acme.example\r\n" + raw)
        self.assertEqual(row.outcome, Outcome.DUPLICATE)
        self.assertEqual(Ticket.objects.count(), 1)

    def test_another_body_under_a_known_message_id_is_never_swallowed(self) -> None:
        self.receive(mail("The first body of the two.", message_id="<one@dora.example>"))
        row = self.receive(mail("Quite another body.", message_id="<one@dora.example>"))
        self.assertEqual(row.outcome, Outcome.OPENED)
        self.assertEqual(Ticket.objects.count(), 2)

    def test_the_proof_stands_at_the_message(self) -> None:
        self.assertEqual(message_of(self.receive(mail())).proof, Proof.NONE)
        self.assertEqual(message_of(self.receive(mail(vouched="dora.example"))).proof, Proof.SENDER)
