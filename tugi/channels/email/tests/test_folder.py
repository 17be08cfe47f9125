from __future__ import annotations

import tempfile
from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings
from django.test import override_settings

from tugi.channels.email import probes
from tugi.channels.email.checking import check_mailbox
from tugi.channels.email.testing import MailTest
from tugi.core.doctor import Finding
from tugi.core.reasons import tell
from tugi.events.testing import run_consumers, run_sender
from tugi.tickets.models import Delivery


class FolderTest(MailTest):
    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory())) / "outgoing"
        self.enterContext(override_settings(SMTP_SEND=None, MAIL_FOLDER=self.folder))

    def send_all(self) -> None:
        run_consumers()
        run_sender("email.outbox")
        run_consumers()

    def test_a_reply_lies_in_the_folder_as_a_mail_and_as_words(self) -> None:
        row = self.answer(self.open_ticket(), "Have you tried it again?")
        self.send_all()
        [mail] = self.folder.glob("*-reply-*.eml")
        [words] = self.folder.glob("*-reply-*.txt")
        sent = message_from_bytes(mail.read_bytes(), policy=policy.default)
        self.assertEqual(sent["Message-ID"], f"<{row.mail_id}>")
        self.assertEqual(mail.name, f"{row.pk:06d}-reply-dora@dora.example.eml")
        self.assertIn("Have you tried it again?", words.read_text())
        self.assertIn("To: dora@dora.example", words.read_text())

    def test_trying_the_mailbox_out_says_where_its_mail_goes(self) -> None:
        [result] = check_mailbox(self.mailbox)
        self.assertTrue(result.works)
        self.assertIn("outgoing", result.text)

    def test_the_link_to_the_customers_page_can_be_copied_from_the_words(self) -> None:
        self.answer(self.open_ticket())
        self.send_all()
        [words] = self.folder.glob("*-reply-*.txt")
        self.assertRegex(words.read_text(), rf"{settings.PUBLIC_URL}/t/[\w-]{{20,}}\n")

    def test_the_message_counts_as_sent(self) -> None:
        row = self.answer(self.open_ticket())
        self.send_all()
        assert row.message is not None
        row.message.refresh_from_db()
        self.assertEqual(row.message.delivery, Delivery.SENT)

    def test_an_address_cannot_lead_out_of_the_folder(self) -> None:
        row = self.answer(self.open_ticket())
        type(row).objects.filter(pk=row.pk).update(to=["../../etc/x@dora.example"])
        self.send_all()
        self.assertEqual({path.parent for path in self.folder.parent.rglob("*.eml")}, {self.folder})

    def test_a_folder_that_cannot_be_written_is_said_at_the_row(self) -> None:
        self.folder.write_text("a file in its place")
        row = self.answer(self.open_ticket())
        self.send_all()
        row.refresh_from_db()
        self.assertIsNone(row.sent_at)
        self.assertIn(f"could not be put into {self.folder}.", tell(row.last_error))

    def test_a_mailbox_with_its_own_server_does_not_use_the_folder(self) -> None:
        type(self.mailbox).objects.update(smtp_on=True, smtp_host="127.0.0.1", smtp_port=1, smtp_security="plain")
        self.answer(self.open_ticket())
        self.send_all()
        self.assertFalse(self.folder.exists())

    def test_the_doctor_says_where_mail_is_put(self) -> None:
        findings: list[Finding] = list(probes.mail())
        put = [finding for finding in findings if "is put into" in finding.text]
        self.assertEqual([finding.state for finding in put], ["green"])
