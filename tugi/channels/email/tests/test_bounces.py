"""Reports on our mails: they mark, they never open, and they are never answered (SECURITY A4.6)."""

from __future__ import annotations

from tugi.channels.email.models import OutboundMessage, Outcome
from tugi.channels.email.testing import MailTest
from tugi.core import clock
from tugi.core.reasons import tell
from tugi.events import actors
from tugi.events.testing import assert_events, run_consumers
from tugi.people.models import Identity
from tugi.tickets import actions
from tugi.tickets.models import Delivery, Message, Ticket

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


class BounceTest(MailTest):
    def setUp(self) -> None:
        self.ticket = self.open_ticket()
        self.row = self.answer(self.ticket)
        OutboundMessage.objects.filter(kind="reply").update(state="done", sent_at=clock.now())
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

    def test_a_bounce_of_the_acknowledgement_leaves_the_customers_message_alone(self) -> None:
        told = OutboundMessage.objects.get(kind="acknowledgement")
        with assert_events("ticket.acknowledgement_failed", "contact.address_failed"):
            self.receive(report(told.mail_id))
        self.assertEqual(Message.objects.get(id=told.message_id or 0).delivery, "")

    def test_a_delay_is_no_failure(self) -> None:
        row = self.receive(report(self.row.mail_id, action="delayed", status="4.4.1"))
        self.assertEqual(row.outcome, Outcome.REPORT)
        self.assertEqual(Message.objects.get(id=self.row.message_id or 0).delivery, Delivery.SENT)

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
