"""The listener over a real socket, its database calls in its own threads: real transactions."""

from __future__ import annotations

import smtplib
import socket
import tempfile
import threading
from pathlib import Path
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import TransactionTestCase, override_settings

from tests.servers.postfix import can_run, postfix
from tests.servers.processes import free_port, wait_until
from tugi.channels.email.listener import listen
from tugi.channels.email.models import Mailbox, RawMail, Via
from tugi.channels.email.probes import mail as probe
from tugi.channels.email.testing import SUPPORT, mail, make_mailbox, running_listener
from tugi.core import blobs
from tugi.people.testing import make_department


class ListenerTest(TransactionTestCase):
    mailbox: Mailbox

    def setUp(self) -> None:
        self.mailbox = make_mailbox(make_department("North"), aliases=["help@acme.example"])

    def test_mail_to_a_mailbox_is_kept_before_it_is_acknowledged(self) -> None:
        raw = mail()
        with running_listener() as port, smtplib.SMTP("127.0.0.1", port) as client:
            client.sendmail("dora@dora.example", [SUPPORT], raw)
            row = RawMail.objects.get()
        self.assertEqual(blobs.read(row.sha256), raw)
        self.assertEqual((row.via, row.envelope_from, row.envelope_to), (Via.SMTP, "dora@dora.example", [SUPPORT]))
        self.assertEqual(row.peer, "127.0.0.1")

    def test_aliases_and_plus_parts_are_known_and_others_refused(self) -> None:
        with running_listener() as port, smtplib.SMTP("127.0.0.1", port) as client:
            client.ehlo()
            client.mail("dora@dora.example")
            self.assertEqual(client.rcpt("HELP@acme.example")[0], 250)
            self.assertEqual(client.rcpt("support+anything@acme.example")[0], 250)
            self.assertEqual(client.rcpt("nobody@acme.example")[0], 550)
            self.assertEqual(client.rcpt("victim@elsewhere.example")[0], 550)
            self.assertEqual(client.rcpt("support%victim@elsewhere.example")[0], 550)

    def test_nothing_is_acknowledged_while_the_store_or_the_database_fail(self) -> None:
        failures = (
            ("tugi.channels.email.actions.raw.blobs.put", OSError(5, "Input/output error"), 451),
            ("tugi.channels.email.actions.raw.blobs.put", OSError(28, "No space left"), 452),
            ("tugi.channels.email.actions.raw.insert_unless_there", OperationalError("gone"), 451),
        )
        for target, error, code in failures:
            with self.subTest(str(error)), running_listener() as port, smtplib.SMTP("127.0.0.1", port) as client:
                with patch(target, side_effect=error), self.assertRaises(smtplib.SMTPDataError) as refused:
                    client.sendmail("dora@dora.example", [SUPPORT], mail())
                self.assertEqual(refused.exception.smtp_code, code)
        self.assertEqual(RawMail.objects.count(), 0)

    def test_a_mail_whose_mailbox_is_gone_meanwhile_is_not_acknowledged(self) -> None:
        with running_listener() as port, smtplib.SMTP("127.0.0.1", port) as client:
            client.ehlo()
            client.mail("dora@dora.example")
            client.rcpt(SUPPORT)
            Mailbox.objects.update(is_active=False)
            self.assertEqual(client.data(mail())[0], 451)
        self.assertEqual(RawMail.objects.count(), 0)

    def test_a_second_delivery_of_the_same_bytes_is_one_row(self) -> None:
        raw = mail()
        with running_listener() as port, smtplib.SMTP("127.0.0.1", port) as client:
            client.sendmail("dora@dora.example", [SUPPORT], raw)
            client.sendmail("dora@dora.example", [SUPPORT], raw)
        self.assertEqual(RawMail.objects.count(), 1)

    def test_a_taken_port_is_an_error_with_a_name(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as other, self.assertRaises(OSError):
            listen(("127.0.0.1", other.getsockname()[1]), threading.Event())

    def test_by_lmtp_each_recipient_has_an_answer_of_its_own(self) -> None:
        make_mailbox(self.mailbox.department, "sales@acme.example")
        with tempfile.TemporaryDirectory() as home:
            place = Path(home) / "lmtp"
            with running_listener(place, via=Via.LMTP), smtplib.LMTP(str(place)) as client:
                client.ehlo()
                client.mail("dora@dora.example")
                for address in (SUPPORT, "sales@acme.example", "help@acme.example"):
                    client.rcpt(address)
                Mailbox.objects.filter(address="sales@acme.example").update(is_active=False)
                answers = [client.data(mail())[0], client.getreply()[0], client.getreply()[0]]
        self.assertEqual(answers, [250, 451, 250])
        row = RawMail.objects.get()
        self.assertEqual((row.via, row.envelope_to), (Via.LMTP, [SUPPORT, "help@acme.example"]))

    @pytest.mark.skipif(not can_run(), reason="Postfix wants root, and to be installed")
    def test_postfix_hands_mail_over_by_lmtp_behind_tls(self) -> None:
        raw = mail("Line one.\n.\n..\n.four\n")
        with (
            running_listener(via=Via.LMTP) as port,
            postfix({}, (0, 0), lmtp={"acme.example": ("127.0.0.1", port)}) as server,
            smtplib.SMTP(server.host, server.port) as client,
        ):
            client.sendmail("dora@dora.example", [SUPPORT, "nobody@acme.example", "help@acme.example"], raw)
            wait_until(lambda: "status=bounced" in server.log() and RawMail.objects.exists(), server.log(), 60)
            log = server.log()
        row = RawMail.objects.get()
        self.assertEqual((row.via, row.envelope_from), (Via.LMTP, "dora@dora.example"))
        self.assertEqual(sorted(row.envelope_to), ["help@acme.example", SUPPORT])
        self.assertTrue(blobs.read(row.sha256).endswith(raw.partition(b"\r\n\r\n")[2]))
        self.assertIn("550 5.1.1 There is no such mailbox here", log)
        self.assertIn("TLS connection established", log)

    def test_the_doctor_says_who_answers_at_our_doors(self) -> None:
        with running_listener() as port, override_settings(SMTP_LISTEN=("127.0.0.1", port)):
            self.assertIn(("green", f"Mail is taken by SMTP at 127.0.0.1, port {port}."), said())
        with override_settings(SMTP_LISTEN=("127.0.0.1", free_port())):
            self.assertIn("Nothing answers at", " ".join(text for state, text in said() if state == "amber"))
        with (
            tempfile.TemporaryDirectory() as home,
            override_settings(LMTP_LISTEN=Path(home) / "lmtp"),
            running_listener(Path(home) / "lmtp", via=Via.LMTP),
        ):
            self.assertIn(("green", f"Mail is taken by LMTP at {home}/lmtp."), said())


def said() -> list[tuple[str, str]]:
    return [(finding.state, finding.text) for finding in probe()]
