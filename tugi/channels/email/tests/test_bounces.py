"""Reports on our mails: they mark, they never open, and they are never answered (SECURITY A4.6)."""

from __future__ import annotations

from unittest.mock import patch

from django.test import override_settings

from tests.servers.smtp_sink import smtp_sink
from tugi.channels.email.marks import make_bounce_address, make_reply_address
from tugi.channels.email.models import OutboundMessage, Outcome
from tugi.channels.email.testing import MailTest, mail
from tugi.core import clock
from tugi.core.reasons import tell
from tugi.events import actors
from tugi.events.testing import assert_events, run_consumers, run_sender
from tugi.people.models import Identity
from tugi.tickets import actions
from tugi.tickets.errors import TooLate
from tugi.tickets.models import Delivery, Message, Ticket
from tugi.tickets.retries import can_retry

REPORT = """From: MAILER-DAEMON@mx.dora.example
To: support@acme.example
Return-Path: <>
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.dora.example

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such user

--b
Content-Type: message/rfc822

Message-ID: <{original}>
From: support@acme.example
To: dora@dora.example
Subject: Re: [#1001]

--b--
"""


def report(
    original: str, *, recipient: str = "dora@dora.example", action: str = "failed", status: str = "5.1.1"
) -> bytes:
    text = REPORT.format(original=original, recipient=recipient, action=action, status=status)
    return text.replace("\n", "\r\n").encode()


def nameless(original: str) -> bytes:
    """A report without the part that says who."""
    head, _between, rest = report(original).partition(b"--b\r\nContent-Type: message/delivery-status")
    return head + rest[rest.index(b"--b\r\n") :]


class BounceTest(MailTest):
    def setUp(self) -> None:
        self.ticket = self.open_ticket()
        self.row = self.answer(self.ticket)
        OutboundMessage.objects.update(state="done", sent_at=clock.now())
        assert self.row.message_id is not None
        actions.record_delivery(self.row.message_id, delivery=Delivery.SENT, actor=actors.system("channel"))

    def test_a_bounce_marks_our_message_and_the_address_and_opens_nothing(self) -> None:
        row = self.receive(report(self.row.mail_id))
        message = Message.objects.get(id=self.row.message_id or 0)
        self.assertEqual((row.outcome, message.delivery), (Outcome.BOUNCE, Delivery.FAILED))
        self.assertIn("no such user", tell(message.delivery_error))
        self.assertIsNotNone(Identity.objects.get(value="dora@dora.example").undeliverable_at)
        self.assertEqual(Ticket.objects.count(), 1)

    def test_a_bounce_of_one_of_two_leaves_the_reply_delivered_to_the_other(self) -> None:
        OutboundMessage.objects.filter(pk=self.row.pk).update(cc=["eve@cc.example"])
        self.receive(report(self.row.mail_id, recipient="eve@cc.example"))
        message = Message.objects.get(id=self.row.message_id or 0)
        self.assertEqual(message.delivery, Delivery.SENT)
        self.assertIn("eve@cc.example: ", tell(message.delivery_error))
        self.receive(report(self.row.mail_id))
        message.refresh_from_db()
        self.assertEqual(message.delivery, Delivery.FAILED)

    def test_a_report_that_names_nobody_is_told_and_offers_no_other_try(self) -> None:
        OutboundMessage.objects.filter(pk=self.row.pk).update(cc=["eve@cc.example"])
        self.receive(nameless(self.row.mail_id))
        message = Message.objects.get(id=self.row.message_id or 0)
        self.assertEqual(
            (message.delivery, can_retry(message.delivery, message.delivery_error)), (Delivery.SENT, False)
        )
        self.assertIn("came back, but not from whom", tell(message.delivery_error))
        self.sign_in(self.cast.ben)
        page = self.client.get(f"/tickets/{self.ticket.number}")
        self.assertContains(page, "not from whom")
        self.assertNotContains(page, "Send again")
        with self.assertRaises(TooLate):
            self.retry()

    def test_after_a_report_that_names_strangers_nobody_gets_the_mail_twice(self) -> None:
        OutboundMessage.objects.filter(pk=self.row.pk).update(cc=["eve@cc.example"])
        self.receive(report(self.row.mail_id, recipient="emil@emil.example"))
        message = Message.objects.get(id=self.row.message_id or 0)
        self.assertIn("emil@emil.example: ", tell(message.delivery_error))
        Message.objects.filter(pk=message.pk).update(delivery_error="as it was once stored")
        self.retry()
        self.row.refresh_from_db()
        message.refresh_from_db()
        self.assertEqual((self.row.state, message.delivery), ("done", Delivery.SENT))
        self.assertIn("not from whom", tell(message.delivery_error))

    def test_a_late_second_report_does_not_end_the_try_that_is_under_way(self) -> None:
        self.receive(report(self.row.mail_id))
        with smtp_sink() as sink, override_settings(SMTP_SEND=("127.0.0.1", sink.port)):
            sink.answers = ["451 4.7.1 Come back later"]
            self.retry()
            run_sender("email.outbox")
            self.receive(report(self.row.mail_id, status="5.2.2"))
            self.assert_delivery(Delivery.SENDING)
            OutboundMessage.objects.filter(pk=self.row.pk).update(due_at=clock.now())
            run_sender("email.outbox")
        self.assertEqual([each.recipients for each in sink.deliveries], [("dora@dora.example",)])
        self.assert_delivery(Delivery.SENT)

    def test_a_report_between_asking_and_the_row_leaves_the_try_alone(self) -> None:
        self.receive(report(self.row.mail_id))
        actions.retry_delivery(self.row.message_id or 0, actor=actors.agent(self.cast.ben.pk))
        self.receive(report(self.row.mail_id, status="5.2.2"))
        self.assert_delivery(Delivery.WAITING)
        run_consumers()
        self.row.refresh_from_db()
        self.assertEqual(self.row.state, "due")

    def test_a_report_faster_than_the_servers_last_word_is_kept(self) -> None:
        def send(*_words: object, **_more: object) -> dict[str, str]:
            self.receive(report(self.row.mail_id))
            return {}

        OutboundMessage.objects.filter(pk=self.row.pk).update(state="due", sent_at=None, due_at=clock.now())
        Message.objects.filter(pk=self.row.message_id or 0).update(delivery=Delivery.WAITING)
        with override_settings(SMTP_SEND=("127.0.0.1", 25)), patch("tugi.channels.email.smtp.send", send):
            run_sender("email.outbox")
        self.row.refresh_from_db()
        self.assertEqual(list(self.row.refused), ["dora@dora.example"])
        self.assert_delivery(Delivery.FAILED)

    def retry(self) -> None:
        actions.retry_delivery(self.row.message_id or 0, actor=actors.agent(self.cast.ben.pk))
        run_consumers()

    def assert_delivery(self, delivery: Delivery) -> None:
        self.assertEqual(Message.objects.get(id=self.row.message_id or 0).delivery, delivery)

    def test_a_bounce_of_the_acknowledgement_leaves_the_customers_message_alone(self) -> None:
        told = OutboundMessage.objects.get(kind="acknowledgement")
        with assert_events("ticket.acknowledgement_failed", "contact.address_failed"):
            self.receive(report(told.mail_id))
        self.assertEqual(Message.objects.get(id=told.message_id or 0).delivery, "")

    def test_a_delay_is_shown_as_one_and_is_no_failure(self) -> None:
        row = self.receive(report(self.row.mail_id, action="delayed", status="4.4.1"))
        self.assertEqual(row.outcome, Outcome.REPORT)
        message = Message.objects.get(id=self.row.message_id or 0)
        self.assertEqual((message.delivery, can_retry(message.delivery, message.delivery_error)), ("sent", False))
        self.assertFalse(Ticket.objects.get().is_undelivered)
        self.sign_in(self.cast.ben)
        page = self.client.get(f"/tickets/{self.ticket.number}")
        self.assertContains(page, "The mail is held up on its way")
        self.assertNotContains(page, "Not delivered")
        self.receive(report(self.row.mail_id))
        self.assert_delivery(Delivery.FAILED)

    def test_a_report_that_comes_to_the_signed_address_needs_no_message_id(self) -> None:
        to = make_bounce_address(self.mailbox.address, self.row.pk)
        raw = report("unknown@mx.dora.example").replace(b"To: support@acme.example", f"To: {to}".encode(), 1)
        self.assertEqual(self.receive(raw).outcome, Outcome.BOUNCE)
        self.assert_delivery(Delivery.FAILED)
        self.assertIsNotNone(Identity.objects.get(value="dora@dora.example").undeliverable_at)

    def test_a_forged_or_a_foreign_address_for_reports_names_nothing(self) -> None:
        signed = make_bounce_address(self.mailbox.address, self.row.pk)
        for to in (signed.replace("-", "-a")[:-1], make_reply_address(self.mailbox.address, self.row.pk)):
            raw = report("unknown@mx.dora.example").replace(b"To: support@acme.example", f"To: {to}".encode(), 1)
            self.assertEqual(self.receive(raw).outcome, Outcome.REPORT, to)
        self.assert_delivery(Delivery.SENT)

    def test_a_vacation_notice_to_the_address_for_reports_joins_its_ticket_as_a_machines(self) -> None:
        to = make_bounce_address(self.mailbox.address, self.row.pk)
        headers = {"Auto-Submitted": "auto-replied", "In-Reply-To": f"<{self.row.mail_id}>"}
        row = self.receive(mail("I am away.", to=to, headers=headers))
        self.assertEqual(row.outcome, Outcome.JOINED)
        self.assertTrue(Message.objects.latest("id").is_automatic)

    def test_a_full_mailbox_fails_the_message_and_spares_the_address(self) -> None:
        self.receive(report(self.row.mail_id, status="5.2.2"))
        self.assertIsNone(Identity.objects.get(value="dora@dora.example").undeliverable_at)

    def test_a_forged_report_changes_nothing(self) -> None:
        row = self.receive(report(f"{self.ticket.pk}.r{self.row.message_id}.{'a' * 26}@acme.example"))
        self.assertEqual(row.outcome, Outcome.REPORT)
        self.assertEqual(Message.objects.get(id=self.row.message_id or 0).delivery, Delivery.SENT)

    def test_a_report_shuts_off_only_whom_we_wrote_to(self) -> None:
        self.receive(report(self.row.mail_id, recipient="emil@emil.example"))
        self.assertIsNone(Identity.objects.get(value="emil@emil.example").undeliverable_at)

    def test_a_bounce_of_a_bounce_is_swallowed(self) -> None:
        before = OutboundMessage.objects.count()
        self.receive(report("unknown@mx.dora.example"))
        run_consumers()
        self.assertEqual((Ticket.objects.count(), OutboundMessage.objects.count()), (1, before))
