"""The acknowledgement: to whom, with which words, and how often (SECURITY A4)."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

from django.test import override_settings

from tests.servers.smtp_sink import SmtpSink, smtp_sink
from tugi.channels.email.models import Mailbox, OutboundKind, OutboundMessage, Outcome
from tugi.channels.email.testing import SUPPORT, MailTest, mail, make_mailbox, message_of
from tugi.core import clock
from tugi.core.testing import at
from tugi.events.models import Event
from tugi.events.testing import run_consumers, run_sender
from tugi.people.models import Contact, Identity
from tugi.portal.access import visit_for
from tugi.tickets.models import Ticket


class AcknowledgementTest(MailTest):
    sink: SmtpSink

    def setUp(self) -> None:
        self.sink = self.enterContext(smtp_sink())
        self.enterContext(override_settings(SMTP_SEND=("127.0.0.1", self.sink.port)))

    def work(self) -> None:
        run_consumers()
        run_sender("email.outbox")
        run_consumers()

    def take(self, raw: bytes) -> list[EmailMessage]:
        """Take the mail in and do all that follows; gives what was sent for it."""
        before = len(self.sink.deliveries)
        self.receive(raw)
        self.work()
        return [delivery.message for delivery in self.sink.deliveries[before:]]

    def test_it_says_the_number_and_what_comes_next_once(self) -> None:
        (sent,) = self.take(mail(vouched="dora.example", message_id="<first@dora.example>"))
        ticket = Ticket.objects.get()
        body = text_of(sent)
        self.assertIn(f"#{ticket.number}", body)
        self.assertIn("answer by e-mail", body)
        self.assertEqual(sent["In-Reply-To"], "<first@dora.example>")
        self.work()
        self.assertEqual(len(self.sink.deliveries), 1)
        self.assertIn("ticket.acknowledged", Event.objects.values_list("kind", flat=True))

    def test_it_is_marked_as_a_machines_mail_and_only_reports_on_it_can_come_back(self) -> None:
        (sent,) = self.take(mail())
        self.assertEqual(sent["Auto-Submitted"], "auto-replied")
        self.assertEqual(sent["X-Auto-Response-Suppress"], "All")
        self.assertTrue(sent["X-Tugi-Loop"])
        self.assertTrue(self.sink.deliveries[0].sender.startswith("support+b"))
        self.assertIsNone(sent["List-Unsubscribe"])

    def test_where_the_server_takes_no_plus_addresses_nothing_can_come_back(self) -> None:
        Mailbox.objects.update(plus_addresses=False)
        self.take(mail())
        self.assertIn(self.sink.deliveries[0].sender, ("", "<>"))

    def test_its_link_opens_the_tickets_page_for_its_contact(self) -> None:
        (sent,) = self.take(mail())
        key = text_of(sent).split("/t/")[1].split()[0]
        visit = visit_for(key)
        self.assertEqual((visit.ticket, visit.contact), (Ticket.objects.get(), self.cast.dora))

    def test_it_speaks_the_language_of_the_customer(self) -> None:
        Contact.objects.filter(pk=self.cast.dora.pk).update(language="ru")
        (sent,) = self.take(mail())
        self.assertIn("Мы получили ваше обращение", sent["Subject"])
        self.assertIn("обращение", text_of(sent))

    def test_nothing_of_an_unproven_sender_is_in_it(self) -> None:
        raw = mail("CANARY-BODY buy now", sender="CANARY-NAME <victim@victim.example>", subject="CANARY-SUBJECT")
        (sent,) = self.take(raw)
        self.assertNotIn("CANARY", sent.as_string())
        self.assertNotIn("CANARY", text_of(sent))

    def test_machines_lists_bounces_and_no_reply_get_none(self) -> None:
        quiet: tuple[tuple[dict[str, str], str], ...] = (
            ({"Auto-Submitted": "auto-generated"}, "monitor@dora.example"),
            ({"Precedence": "bulk"}, "news@dora.example"),
            ({"Precedence": "list", "List-Id": "<l.dora.example>"}, "dora@dora.example"),
            ({"X-Auto-Response-Suppress": "All"}, "dora@dora.example"),
            ({"Return-Path": "<>"}, "dora@dora.example"),
            ({"X-Loop": "x"}, "dora@dora.example"),
            ({}, "no-reply@dora.example"),
            ({}, "mailer-daemon@dora.example"),
        )
        for headers, sender in quiet:
            with self.subTest(headers=headers, sender=sender):
                self.assertEqual(self.take(mail(headers=headers, sender=sender)), [])

    def test_machines_open_tickets_all_the_same(self) -> None:
        self.take(mail(headers={"Auto-Submitted": "auto-generated"}, subject="Disk full"))
        self.assertEqual(Ticket.objects.get().subject, "Disk full")

    def test_an_unproven_address_gets_two_a_day_and_the_rest_is_said_in_the_log(self) -> None:
        for number in range(5):
            self.take(mail(f"Bomb number {number}", sender="victim@victim.example"))
        self.assertEqual(len(self.sink.to("victim@victim.example")), 2)
        withheld = Event.objects.filter(kind="ticket.acknowledgement_withheld")
        self.assertEqual(withheld.count(), 3)
        self.assertEqual(Ticket.objects.count(), 5)
        with at(clock.now() + timedelta(hours=25)):
            self.assertEqual(len(self.take(mail("Another day", sender="victim@victim.example"))), 1)

    def test_a_proven_address_gets_ten_a_day_if_a_person_seems_to_sit_there(self) -> None:
        began = clock.now()
        for number in range(12):
            with at((began + timedelta(minutes=61 * number)).isoformat()):
                self.take(mail(subject=f"About {'abcdefghijkl'[number]}", vouched="dora.example"))
        self.assertEqual(len(self.sink.deliveries), 10)

    def test_a_plus_part_is_no_way_around_for_ourselves(self) -> None:
        """SECURITY A4.2."""
        make_mailbox(self.cast.south, "sales@acme.example", aliases=["shop@acme.example"])
        for sender in (SUPPORT, "support+x@acme.example", "sales@acme.example", "SHOP@acme.example"):
            with self.subTest(sender):
                row = self.receive(mail(f"From {sender}", sender=sender))
                self.assertEqual(row.outcome, Outcome.LOOP)
        self.work()
        self.assertEqual((Ticket.objects.count(), self.sink.deliveries), (0, []))

    def test_our_own_mail_that_comes_back_opens_nothing(self) -> None:
        self.take(mail())
        own = OutboundMessage.objects.get().mail_id
        row = self.receive(mail(message_id=f"<{own}>", sender="list@elsewhere.example"))
        self.assertEqual(row.outcome, Outcome.LOOP)

    def test_two_desks_that_answer_each_other_stop_at_once(self) -> None:
        """SECURITY A4.1: the other desk's acknowledgement is a machine's mail."""
        (ours,) = self.take(mail(sender="help@other.example"))
        theirs = mail(
            "Thank you for writing to us.",
            sender="help@other.example",
            headers={name: ours[name] for name in ("Auto-Submitted", "X-Auto-Response-Suppress", "X-Tugi-Loop")},
        )
        self.assertEqual(self.take(theirs), [])

    def test_an_autoresponder_that_says_nothing_of_itself_is_stopped_by_the_count(self) -> None:
        """SECURITY A4.1: no header helps, so the number of mails in a day does."""
        for number in range(20):
            self.take(mail(f"We got your mail number {number}.", sender="robot@other.example"))
        self.assertLessEqual(len(self.sink.to("robot@other.example")), 2)

    def test_a_thousand_recipients_are_fifty_participants_and_no_mail(self) -> None:
        """SECURITY A4.5."""
        many = ", ".join(f"x{number}@many.example" for number in range(1000))
        row = self.receive(mail(headers={"Cc": many}))
        self.work()
        ticket = message_of(row).ticket
        self.assertEqual(ticket.participants.count(), 50)
        self.assertEqual([delivery.recipients for delivery in self.sink.deliveries], [("dora@dora.example",)])
        self.assertGreaterEqual(len(message_of(row).cc), 500)

    def test_an_undeliverable_address_is_left_alone(self) -> None:
        Identity.objects.filter(contact=self.cast.dora).update(undeliverable_at=clock.now())
        self.assertEqual(self.take(mail()), [])

    def test_a_mail_without_an_author_is_a_ticket_without_an_answer(self) -> None:
        self.assertEqual(self.take(b"Subject: nobody\r\n\r\nHello from nobody at all"), [])
        self.assertEqual(Ticket.objects.count(), 1)

    def test_a_failed_acknowledgement_stands_in_the_tickets_log(self) -> None:
        self.sink.refused = {"dora@dora.example": "550 no"}
        self.take(mail())
        self.assertEqual(OutboundMessage.objects.get(kind=OutboundKind.ACKNOWLEDGEMENT).state, "failed")
        self.assertIn("ticket.acknowledgement_failed", Event.objects.values_list("kind", flat=True))


def text_of(sent: EmailMessage) -> str:
    body = sent.get_body(("plain",))
    assert body is not None
    text: str = body.get_content()
    return text


class OldMailTest(MailTest):
    def test_a_mail_of_last_week_is_not_acknowledged(self) -> None:
        with at("2026-11-23T09:00:00+00:00"):
            self.receive(mail(vouched="dora.example", headers={"Date": "Mon, 16 Nov 2026 09:00:00 +0000"}))
            run_consumers()

        assert not OutboundMessage.objects.exists()
