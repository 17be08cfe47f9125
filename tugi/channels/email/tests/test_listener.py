"""The listener over a real socket, its database calls in its own threads: real transactions."""

from __future__ import annotations

import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from django.db import OperationalError
from django.test import TransactionTestCase, override_settings

from tugi.channels.email.listener import listen
from tugi.channels.email.models import Mailbox, RawMail, Via
from tugi.channels.email.testing import SUPPORT, mail, make_mailbox
from tugi.core import blobs
from tugi.people.testing import make_department

SMUGGLED = f"MAIL FROM:<evil@x.example>\r\nRCPT TO:<{SUPPORT}>\r\nDATA\r\nSubject: x\r\n\r\nevil".encode()


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

    def test_the_null_sender_is_taken_and_known_as_such(self) -> None:
        with running_listener() as port, smtplib.SMTP("127.0.0.1", port) as client:
            client.sendmail("", [SUPPORT], mail())
        self.assertEqual(RawMail.objects.get().envelope_from, "")

    @override_settings(MAX_MAIL_BYTES=20_000)
    def test_a_mail_over_the_limit_is_refused_and_the_limit_is_announced(self) -> None:
        with running_listener() as port, smtplib.SMTP("127.0.0.1", port) as client:
            client.ehlo()
            self.assertEqual(client.esmtp_features["size"], "20000")
            with self.assertRaises(smtplib.SMTPSenderRefused) as announced:
                client.sendmail("dora@dora.example", [SUPPORT], mail("x" * 30_000))
            self.assertEqual(announced.exception.smtp_code, 552)
            client.mail("dora@dora.example")
            client.rcpt(SUPPORT)
            self.assertEqual(client.data(b"Subject: x\r\n\r\n" + b"y" * 70 + b"\r\n" + b"z\r\n" * 20_000)[0], 552)
        self.assertEqual(RawMail.objects.count(), 0)

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

    def test_smuggled_ends_of_data_make_no_second_mail(self) -> None:
        for end in (b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\n", b"\r\n.\r"):
            RawMail.objects.all().delete()
            with self.subTest(end), running_listener() as port, smtplib.SMTP("127.0.0.1", port) as client:
                client.ehlo()
                client.mail("a@x.example")
                client.rcpt(SUPPORT)
                client.docmd("DATA")
                client.send(b"Subject: first\r\n\r\nhello" + end + SMUGGLED + b"\r\n.\r\n")
                client.getreply()
            self.assertEqual(RawMail.objects.count(), 1)
            self.assertIn(b"evil", blobs.read(RawMail.objects.get().sha256))

    def test_long_lines_are_no_reason_to_lose_a_mail(self) -> None:
        raw = b"Subject: long\r\n\r\n" + b"x" * 60_000 + b"\r\n"
        with running_listener() as port, smtplib.SMTP("127.0.0.1", port) as client:
            client.sendmail("dora@dora.example", [SUPPORT], raw)
        self.assertEqual(blobs.read(RawMail.objects.get().sha256), raw)

    def test_a_taken_port_is_an_error_with_a_name(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as other, self.assertRaises(OSError):
            listen("127.0.0.1", other.getsockname()[1], threading.Event())


@contextmanager
def running_listener() -> Iterator[int]:
    stop, ready = threading.Event(), threading.Event()
    ports: list[int] = []

    def note(port: int) -> None:
        ports.append(port)
        ready.set()

    thread = threading.Thread(target=listen, args=("127.0.0.1", 0, stop, note))
    thread.start()
    try:
        assert ready.wait(10)
        yield ports[0]
    finally:
        stop.set()
        thread.join(10)
