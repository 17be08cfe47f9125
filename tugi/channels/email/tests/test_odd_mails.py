"""Mails that lack what a mail should have, or have too much of it. All become tickets; none is lost."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from unittest.mock import patch

from tugi.channels.email.actions import accept_raw
from tugi.channels.email.models import Outcome, RawMail, Via
from tugi.channels.email.parsing.isolated import MailUnreadable
from tugi.channels.email.testing import SUPPORT, MailTest, mail, message_of
from tugi.core import blobs
from tugi.core.reasons import tell
from tugi.events.models import Event
from tugi.events.senders import send_next, senders
from tugi.events.testing import run_sender


class OddMailsTest(MailTest):
    def test_without_a_subject(self) -> None:
        row = self.receive(b"From: dora@dora.example\r\n\r\nThere is no subject here.")
        self.assertEqual((row.outcome, message_of(row).ticket.subject), (Outcome.OPENED, ""))

    def test_without_an_author(self) -> None:
        row = self.receive(b"Subject: Who am I\r\n\r\nNobody knows who wrote this.")
        self.assertEqual(row.outcome, Outcome.OPENED)
        self.assertEqual(message_of(row).ticket.subject, "Who am I")

    def test_without_a_body(self) -> None:
        row = self.receive(b"From: dora@dora.example\r\nSubject: Empty\r\n\r\n")
        self.assertEqual((row.outcome, message_of(row).text), (Outcome.OPENED, ""))

    def test_with_nothing_but_bytes(self) -> None:
        for raw in (b"\x00", b"\r\n\r\n", b"\xff\xfe\x00nonsense\x00" * 10):
            self.assertEqual(self.receive(raw).outcome, Outcome.OPENED, raw)

    def test_two_nameless_mails_are_two_tickets(self) -> None:
        first = self.receive(b"From: dora@dora.example\r\n\r\nOne.")
        second = self.receive(b"From: dora@dora.example\r\n\r\nTwo.")
        self.assertNotEqual(message_of(first).ticket, message_of(second).ticket)

    def test_with_a_large_attachment(self) -> None:
        made = EmailMessage(policy=SMTP)
        made["From"], made["To"], made["Subject"] = "dora@dora.example", SUPPORT, "Large"
        made.set_content("See the file.")
        data = bytes(range(256)) * 4096 * 30
        made.add_attachment(data, "application", "octet-stream", filename="large.bin")
        row = self.receive(made.as_bytes())
        (file,) = message_of(row).attachments.all()
        self.assertEqual((file.name, file.size), ("large.bin", len(data)))
        self.assertEqual(blobs.size(file.sha256), len(data))

    def test_a_mail_that_cannot_be_read_is_kept_tried_four_times_and_shown(self) -> None:
        row = accept_raw(self.mailbox, mail(), via=Via.IMAP)
        with patch("tugi.channels.email.intake.parse_isolated", side_effect=MailUnreadable("time")):
            for _attempt in range(4):
                run_sender("email.intake")
                RawMail.objects.filter(state="due").update(due_at=row.received_at)
        row.refresh_from_db()
        self.assertEqual((row.state, row.attempts), (RawMail.State.FAILED, 4))
        self.assertIn("too much time", tell(row.last_error))
        self.assertTrue(blobs.exists(row.sha256))
        self.assertEqual(Event.objects.filter(kind="mail.not_processed").count(), 1)

    def test_one_poisoned_mail_does_not_hold_up_the_others(self) -> None:
        bad = accept_raw(self.mailbox, mail("poison"), via=Via.IMAP)
        good = accept_raw(self.mailbox, mail("Good and kind words."), via=Via.IMAP)
        from tugi.channels.email import intake

        real = intake.take_in

        def poisoned(row: RawMail) -> None:
            if row.pk == bad.pk:
                raise RuntimeError("poison")
            real(row)

        with patch("tugi.channels.email.senders.take_in", poisoned), self.assertLogs("tugi.events.senders"):
            send_next(senders()["email.intake"])
        good.refresh_from_db()
        bad.refresh_from_db()
        self.assertEqual((good.state, bad.state), (RawMail.State.DONE, RawMail.State.DUE))
