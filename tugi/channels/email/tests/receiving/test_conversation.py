"""The conversation over a real socket; what would be kept is caught before the database."""

from __future__ import annotations

import smtplib
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any
from unittest.mock import patch

from django.db import OperationalError
from django.test import SimpleTestCase, override_settings

from tugi.channels.email.receiving.gate import Limits
from tugi.channels.email.testing import SUPPORT, running_listener

TAKEN = "tugi.channels.email.receiving.reception.accept_raw"
KNOWN = "tugi.channels.email.receiving.reception.mailbox_for"
SMUGGLED = f"MAIL FROM:<evil@x.example>\r\nRCPT TO:<{SUPPORT}>\r\nDATA\r\nSubject: x\r\n\r\nevil".encode()
MAIL = b"Subject: hello\r\n\r\nHello.\r\n"


@override_settings(SMTP_RELAYS=())
class ConversationTest(SimpleTestCase):
    def setUp(self) -> None:
        self.kept: list[bytes] = []
        self.envelopes: list[dict[str, Any]] = []

    def test_what_is_offered_and_what_is_not(self) -> None:
        with self.talk() as client:
            client.ehlo()
            self.assertEqual(
                set(client.esmtp_features),
                {"pipelining", "size", "8bitmime", "smtputf8", "enhancedstatuscodes", "starttls"},
            )
            for command in ("BDAT 5 LAST", "AUTH PLAIN AGEAYg==", "EXPN all", "TURN", "VRFY root"):
                self.assertIn(client.docmd(command)[0], (252, 500, 502), command)

    def test_every_answer_has_a_code_that_programs_read(self) -> None:
        with self.talk() as client:
            for command in ("EHLO me", "NOOP", f"RCPT TO:<{SUPPORT}>", "MAIL FROM:x y z", "RSET", "WHAT"):
                code, text = client.docmd(command)
                if not command.startswith("EHLO"):
                    self.assertRegex(text, rb"^[245]\.\d\.\d ", command)
                    self.assertEqual(text[:1], str(code)[:1].encode(), command)

    def test_starttls_hides_what_is_said_then(self) -> None:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with self.talk() as client:
            self.assertEqual(client.starttls(context=context)[0], 220)
            client.ehlo()
            self.assertNotIn("starttls", client.esmtp_features)
            self.assertNotIn("auth", client.esmtp_features)
            client.sendmail("dora@dora.example", [SUPPORT], MAIL)
        self.assertEqual(self.kept, [MAIL])

    def test_what_was_slipped_in_before_tls_is_forgotten(self) -> None:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with self.talk() as client:
            client.ehlo()
            client.send(b"STARTTLS\r\nMAIL FROM:<evil@x.example>\r\n")
            client.getreply()
            assert client.sock is not None
            with context.wrap_socket(client.sock) as line:
                line.sendall(b"EHLO me\r\nRCPT TO:<support@acme.example>\r\n")
                said = line.recv(4096) + line.recv(4096)
        self.assertNotIn(b"250 2.1.0", said)
        self.assertIn(b"503", said)

    def test_the_null_sender_is_taken_and_known_as_such(self) -> None:
        with self.talk() as client:
            client.sendmail("", [SUPPORT], MAIL)
        self.assertEqual(self.envelopes[0]["envelope_from"], "")

    @override_settings(MAX_MAIL_BYTES=20_000)
    def test_a_mail_over_the_limit_is_refused_and_the_limit_is_announced(self) -> None:
        with self.talk() as client:
            client.ehlo()
            self.assertEqual(client.esmtp_features["size"], "20000")
            with self.assertRaises(smtplib.SMTPSenderRefused) as announced:
                client.sendmail("dora@dora.example", [SUPPORT], b"x" * 30_000)
            self.assertEqual(announced.exception.smtp_code, 552)
            client.mail("dora@dora.example")
            client.rcpt(SUPPORT)
            self.assertEqual(client.data(b"Subject: x\r\n\r\n" + b"z\r\n" * 8_000)[0], 552)
            client.sendmail("dora@dora.example", [SUPPORT], b"Subject: small\r\n\r\nThe next one is taken.\r\n")
        self.assertEqual(len(self.kept), 1)

    @override_settings(MAX_MAIL_BYTES=20_000)
    def test_whoever_goes_on_and_on_is_cut_off(self) -> None:
        with self.talk() as client:
            self.begin(client)
            with self.assertRaises((OSError, smtplib.SMTPServerDisconnected)):
                for _ in range(1000):
                    client.send(b"x" * 65_000)
        self.assertEqual(self.kept, [])

    def test_smuggled_ends_of_data_make_no_mail_at_all(self) -> None:
        with self.talk() as client:
            for end in (b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\n", b"\r\n.\r", b"\r.\r\n"):
                self.begin(client)
                client.send(b"Subject: first\r\n\r\nhello" + end + SMUGGLED + b"\r\n.\r\n")
                self.assertEqual(client.getreply()[0], 550, end)
                self.assertEqual(client.noop()[0], 250, end)
        self.assertEqual(self.kept, [])

    def test_lone_line_ends_elsewhere_in_a_mail_are_kept_as_they_are(self) -> None:
        raw = b"Subject: odd\r\n\r\none\ntwo\rthree\r\n"
        with self.talk() as client:
            self.begin(client)
            client.send(raw + b".\r\n")
            self.assertEqual(client.getreply()[0], 250)
        self.assertEqual(self.kept, [raw])

    def test_a_command_with_a_lone_line_end_is_refused_whole(self) -> None:
        with self.talk() as client:
            client.ehlo()
            client.send(f"MAIL FROM:<a@x.example>\nRCPT TO:<{SUPPORT}>\r\n".encode())
            self.assertEqual(client.getreply()[0], 500)
            self.assertEqual(client.rcpt(SUPPORT)[0], 503)

    def test_commands_may_come_at_once_but_not_the_mail_before_it_is_asked_for(self) -> None:
        start = f"MAIL FROM:<a@x.example>\r\nRCPT TO:<{SUPPORT}>\r\nDATA\r\n".encode()
        with self.talk() as client:
            client.ehlo()
            client.send(start)
            self.assertEqual([client.getreply()[0] for _ in range(3)], [250, 250, 354])
            client.send(MAIL + b".\r\n")
            self.assertEqual(client.getreply()[0], 250)
            client.send(start + MAIL + b".\r\n")
            self.assertEqual([client.getreply()[0] for _ in range(3)], [250, 250, 421])
        self.assertEqual(self.kept, [MAIL])

    def test_long_lines_are_no_reason_to_lose_a_mail(self) -> None:
        raw = b"Subject: long\r\n\r\n" + b"x" * 600_000 + b"\r\n"
        with self.talk() as client:
            client.sendmail("dora@dora.example", [SUPPORT], raw)
        self.assertEqual(self.kept, [raw])

    def test_odd_addresses_are_malformed_or_unknown_and_never_an_error_of_ours(self) -> None:
        odd = (b"<a b@x>", b"<a@b", b"<\xff\xfe@x>", b"<a\x00@x>", b"<<a@b>>", b"<" + b"a" * 900 + b"@x>", b"<>")
        with self.talk() as client:
            client.ehlo()
            client.mail("a@x.example")
            for address in odd:
                client.send(b"RCPT TO:" + address + b"\r\n")
                self.assertIn(client.getreply()[0], (501, 550, 553), address)
            self.assertEqual(client.docmd(f"RCPT TO:<@relay.example:{SUPPORT}>")[0], 250)

    def test_a_mail_has_at_most_fifty_recipients(self) -> None:
        with self.talk() as client:
            client.ehlo()
            client.mail("a@x.example")
            codes = [client.rcpt(f"support+{number}@acme.example")[0] for number in range(52)]
        self.assertEqual(codes, [250] * 50 + [452] * 2)

    def test_too_many_connections_and_mails_and_guesses_are_put_off(self) -> None:
        with self.talk(Limits(open_of_one=2, mails=2, unknown=3)) as client:
            client.ehlo()
            for _ in range(2):
                client.sendmail("a@x.example", [SUPPORT], MAIL)
            self.assertEqual(client.mail("a@x.example")[0], 450)
            with smtplib.SMTP("127.0.0.1", self.port), self.assertRaises(smtplib.SMTPConnectError) as refused:
                smtplib.SMTP("127.0.0.1", self.port)
            self.assertEqual(refused.exception.smtp_code, 421)
        with self.talk(Limits(unknown=3)) as client:
            client.ehlo()
            client.mail("a@x.example")
            codes = [client.rcpt(f"guess{number}@acme.example")[0] for number in range(4)]
            self.assertEqual(codes, [550, 550, 550, 421])
            self.assertEqual(client.sock.recv(1) if client.sock else None, b"")

    def test_slow_clients_are_let_go(self) -> None:
        limits = Limits(idle_seconds=0.5, grace_seconds=0.5)
        with self.talk(limits) as client:
            client.ehlo()
            assert client.sock is not None
            self.assertEqual(client.sock.recv(10), b"")
        with self.talk(limits) as client:
            self.begin(client)
            started = time.monotonic()
            client.send(b"Subject: drip")
            self.assertEqual(client.getreply()[0], 421)
        self.assertLess(time.monotonic() - started, 10)
        self.assertEqual(self.kept, [])

    def test_nothing_is_acknowledged_while_the_store_or_the_database_fail(self) -> None:
        full = OperationalError("database or disk is full")
        full.__cause__ = type("Driver", (Exception,), {"sqlite_errorname": "SQLITE_FULL"})()
        failures = ((OSError(5, "Input/output error"), 451), (OSError(28, "No space left"), 452), (full, 452))
        with self.talk() as client:
            for self.failure, code in failures:
                with self.assertRaises(smtplib.SMTPDataError) as refused, self.assertLogs("tugi", "ERROR"):
                    client.sendmail("dora@dora.example", [SUPPORT], MAIL)
                self.assertEqual(refused.exception.smtp_code, code)
        self.assertEqual(self.kept, [])

    def test_a_disk_that_fills_while_a_mail_comes_is_said_at_its_end(self) -> None:
        full = OSError(28, "No space left on device")
        with (
            patch("tugi.channels.email.receiving.data.tempfile.SpooledTemporaryFile") as file,
            self.talk() as client,
            self.assertLogs("tugi", "ERROR"),
        ):
            file.return_value.write.side_effect = full
            self.begin(client)
            client.send(MAIL + b".\r\n")
            self.assertEqual(client.getreply()[0], 452)

    def test_a_mail_that_cannot_be_begun_is_not_asked_for(self) -> None:
        with (
            patch("tugi.channels.email.receiving.data.blobs.drafts", side_effect=OSError(5, "Input/output error")),
            self.talk() as client,
            self.assertLogs("tugi", "ERROR"),
        ):
            client.ehlo()
            client.mail("a@x.example")
            client.rcpt(SUPPORT)
            self.assertEqual(client.docmd("DATA")[0], 451)
            self.assertEqual(client.noop()[0], 250)

    def test_after_an_error_of_ours_nothing_of_the_mail_is_read_as_a_command(self) -> None:
        with (
            patch("tugi.channels.email.receiving.data.Plain.feed", side_effect=ZeroDivisionError),
            self.talk() as client,
            self.assertLogs("tugi", "ERROR"),
        ):
            self.begin(client)
            client.send(b"Subject: x\r\n\r\n.\r\n" + SMUGGLED)
            self.assertEqual(client.getreply()[0], 421)
            assert client.sock is not None
            self.assertEqual(client.sock.recv(1), b"")
        self.assertEqual(self.kept, [])

    failure: Exception | None = None

    @contextmanager
    def talk(self, limits: Limits | None = None) -> Iterator[smtplib.SMTP]:
        with (
            patch(TAKEN, self.keep),
            patch(KNOWN, lambda address: "support" if address.startswith("support") else None),
            running_listener(limits=limits) as self.port,
            smtplib.SMTP("127.0.0.1", self.port, timeout=20) as client,
        ):
            yield client

    def keep(self, mailbox: str, file: IO[bytes], **envelope: Any) -> None:
        if self.failure is not None:
            raise self.failure
        self.kept.append(file.read())
        self.envelopes.append(envelope)

    def begin(self, client: smtplib.SMTP) -> None:
        client.ehlo()
        client.mail("a@x.example")
        client.rcpt(SUPPORT)
        self.assertEqual(client.docmd("DATA")[0], 354)

    port: int
