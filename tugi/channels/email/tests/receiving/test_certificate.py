from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

import time_machine
from django.test import SimpleTestCase, override_settings

from tugi.channels.email.checks import certificate as check
from tugi.channels.email.receiving import certificate
from tugi.channels.email.receiving.certificate import Certificate
from tugi.core import clock


class CertificateTest(SimpleTestCase):
    def setUp(self) -> None:
        home = tempfile.TemporaryDirectory()
        self.addCleanup(home.cleanup)
        self.home = Path(home.name)
        self.own = self.home / certificate.FILE_NAME

    def test_our_own_is_made_once_and_is_private(self) -> None:
        with override_settings(DATA_DIR=self.home, SMTP_CERTIFICATE=None):
            certificate.files("desk.example")
            made = self.own.read_bytes()
            certificate.files("desk.example")
        self.assertEqual(self.own.read_bytes(), made)
        self.assertEqual(self.own.stat().st_mode & 0o777, 0o600)

    def test_our_own_is_renewed_before_it_runs_out_and_taken_up(self) -> None:
        with override_settings(DATA_DIR=self.home, SMTP_CERTIFICATE=None):
            offered = Certificate("desk.example")
            offered.refresh()
            first, context = self.own.read_bytes(), offered.context
            offered.refresh()
            self.assertIs(offered.context, context)
            with time_machine.travel(clock.now() + timedelta(days=340), tick=False):
                offered.refresh()
        self.assertNotEqual(self.own.read_bytes(), first)
        self.assertIsNot(offered.context, context)

    def test_a_broken_file_changes_nothing_and_is_said(self) -> None:
        given = self.home / "given.pem"
        certificate.make(given, "mail.example")
        with override_settings(SMTP_CERTIFICATE=given, SMTP_CERTIFICATE_KEY=None):
            offered = Certificate("desk.example")
            offered.refresh()
            context = offered.context
            self.assertEqual(check(), [])
            given.write_text("no certificate")
            with self.assertLogs("tugi", "ERROR"):
                offered.refresh()
            self.assertEqual([each.id for each in check()], ["tugi.E024"])
        self.assertIsNotNone(context)
        self.assertIs(offered.context, context)

    def test_a_key_of_another_certificate_is_refused(self) -> None:
        one, other = self.home / "one.pem", self.home / "other.pem"
        certificate.make(one, "mail.example")
        certificate.make(other, "127.0.0.1")
        with override_settings(SMTP_CERTIFICATE=one, SMTP_CERTIFICATE_KEY=other):
            self.assertEqual([each.id for each in check()], ["tugi.E024"])
