"""F1: secrets go through the whole desk and are found in no line of the log, no row, no page and no failure's text."""

from __future__ import annotations

import io
import json
import logging
from unittest import mock

from django.conf import settings
from django.core import serializers
from django.http import HttpRequest
from django.test import Client, override_settings
from django.urls import reverse
from django.views.debug import ExceptionReporter

from tests.security.rows import all_rows
from tests.security.test_e1_outbound import saying
from tugi.channels.email.actions import change_mailbox
from tugi.channels.email.fetchers import fetch_one
from tugi.channels.email.models import Mailbox, Security
from tugi.channels.email.testing import MailTest
from tugi.core import clock
from tugi.core.logging import line_formatter
from tugi.core.models import DeskSettings
from tugi.events import actors
from tugi.events.testing import run_consumers, run_sender
from tugi.people.testing import PASSWORD
from tugi.setup import first_run
from tugi.setup.models import SetUpKey
from tugi.tickets import actions
from tugi.tickets.testing import make_ticket

MAILBOX_PASSWORD = "CANARY-of-the-mailbox"
WRONG = "CANARY-wrong-password-of-ben"


class SecretsTest(MailTest):
    """All that is secret at the desk, used in right and in wrong ways, with every logger told to say everything."""

    def setUp(self) -> None:
        self.lines = io.StringIO()
        handler = logging.StreamHandler(self.lines)
        handler.setFormatter(line_formatter())
        root = logging.getLogger()
        before = root.level
        root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        self.addCleanup(root.setLevel, before)
        self.addCleanup(root.removeHandler, handler)
        self.ticket = make_ticket(self.cast.north, self.cast.dora)
        self.key = actions.make_link(self.ticket.pk, contact_id=self.cast.dora.pk)
        self.client = Client(raise_request_exception=False)
        self.secrets = {"mailbox": MAILBOX_PASSWORD, "agent": PASSWORD, "wrong": WRONG, "link": self.key}

    def live(self) -> list[str]:
        """Use them all; gives what was answered."""
        pages = [*self.sign_in_both_ways(), *self.use_the_mailbox(), *self.use_links()]
        self.set_up()
        return pages

    def sign_in_both_ways(self) -> list[str]:
        there = reverse("account_login")
        wrong = self.client.post(there, {"login": "ben@acme.example", "password": WRONG})
        odd = self.client.post(there, {"login": PASSWORD, "password": "\x00"})
        self.client.post(there, {"login": "ada@acme.example", "password": PASSWORD})
        self.secrets["session"] = self.client.cookies[settings.SESSION_COOKIE_NAME].value
        with mock.patch("tugi.people.views.account.actions.change_password", side_effect=ZeroDivisionError):
            given = {"current": PASSWORD, "password": WRONG}
            failed = self.client.post(reverse("people:password"), given)
        assert failed.status_code == 500
        return [wrong.content.decode(), failed.content.decode(), odd.content.decode().replace(PASSWORD, "", 1)]

    def use_the_mailbox(self) -> list[str]:
        servers = {f"{kind}_{name}": value for kind in ("imap", "smtp") for name, value in {
            "on": True, "host": "127.0.0.1", "username": "support",
            "password": MAILBOX_PASSWORD, "security": Security.PLAIN,
        }.items()}  # fmt: skip
        with (
            saying(b"* OK ready\r\nx NO\r\n") as (imap, _),
            saying(b"220 ready\r\n250-x\r\n250 AUTH PLAIN LOGIN\r\n535 no\r\n") as (smtp, _),
        ):
            change_mailbox(self.mailbox.pk, actor=actors.system(), imap_port=imap, smtp_port=smtp, **servers)
            self.mailbox = Mailbox.objects.get(pk=self.mailbox.pk)
            fetch_one(self.mailbox, mock.Mock(is_set=lambda: True))
            self.client.force_login(self.cast.ada)
            told = {name: getattr(self.mailbox, name) for name in ("address", "language", "imap_folders")}
            told |= {**servers, "imap_port": imap, "smtp_port": smtp, "department": self.cast.north.pk, "test": "1"}
            there = reverse("email:mailbox", args=[self.mailbox.pk])
            tried = self.client.post(there, told)
            with mock.patch("tugi.channels.email.views.check_mailbox", side_effect=ZeroDivisionError):
                failed = self.client.post(there, told)
            assert (tried.status_code, failed.status_code) == (200, 500)
        shown = self.client.get(there)
        bad = self.client.post(there, {**told, "address": "no address", "imap_password": MAILBOX_PASSWORD})
        return [answer.content.decode() for answer in (tried, failed, shown, bad)]

    def use_links(self) -> list[str]:
        page = reverse("portal:ticket", args=[self.key])
        with mock.patch("tugi.portal.views.ticket.entries", side_effect=ZeroDivisionError(page)):
            failed = self.client.get(page)
        assert failed.status_code == 500
        forged = Client(enforce_csrf_checks=True).post(reverse("portal:comments", args=[self.key]), {"text": "x"})
        report = json.dumps({"csp-report": {"document-uri": f"https://help.example{page}", "blocked-uri": page}})
        self.client.post("/csp", report, content_type="application/csp-report")
        self.client.get(f"{page}/nothing")
        self.client.get(page, headers={"Host": "evil.example"})
        made = self.client.post(reverse("people:agent-link", args=[self.cast.leo.pk])).content.decode()
        self.secrets["account"] = made.partition("/account/")[2].partition('"')[0].partition("<")[0]
        assert len(self.secrets["account"]) > 20
        Client(raise_request_exception=False).post(f"/account/{self.secrets['account']}", {"password": "short"})
        return [failed.content.decode(), forged.content.decode()]

    def set_up(self) -> None:
        DeskSettings.objects.update(set_up_at=None)
        link = first_run.make_link()
        assert link is not None
        self.secrets["set-up"] = link.rpartition("/")[2]
        with mock.patch("tugi.setup.views.first_run.FirstRunForm", side_effect=ZeroDivisionError(link)):
            assert self.client.get(f"/setup/{self.secrets['set-up']}").status_code == 500
        DeskSettings.objects.update(set_up_at=clock.now())

    def found_in(self, text: str) -> list[str]:
        return [name for name, secret in self.secrets.items() if secret in text]

    def test_no_line_of_the_log_holds_one(self) -> None:
        self.live()
        said = self.lines.getvalue()

        assert len(self.secrets) == 7
        assert said.count("ZeroDivisionError") >= 4, "the failures were logged"
        assert "/t/•••" in said
        assert [line[:400] for line in said.splitlines() if self.found_in(line)] == []

    def test_no_row_holds_one(self) -> None:
        self.live()
        run_consumers()
        run_sender("email.outbox")
        from django.contrib.sessions.models import Session

        assert SetUpKey.objects.exists()
        rows = f"{list(all_rows().values())}{list(Session.objects.values())}"
        assert self.found_in(rows) == []

    def test_no_page_gives_one_back(self) -> None:
        pages = self.live()

        for page in pages:
            assert [name for name in self.found_in(page) if name != "link"] == []

    def test_no_export_holds_one(self) -> None:
        """As `dumpdata` writes it, and as a row describes itself."""
        self.live()
        mailbox = Mailbox.objects.get(pk=self.mailbox.pk)

        assert self.found_in(serializers.serialize("json", Mailbox.objects.all())) == []
        assert self.found_in(f"{mailbox!r} {mailbox.__dict__} {mailbox.imap_password!r} {mailbox.imap_password}") == []

    def test_the_report_of_a_failure_hides_what_was_sent(self) -> None:
        """What Django would show or send of a failing sign-in, settings included."""
        request = HttpRequest()
        request.META = {"SERVER_NAME": "testserver", "SERVER_PORT": "80", "HTTP_COOKIE": f"x={self.key}"}
        request.method = "POST"
        try:
            raise ZeroDivisionError
        except ZeroDivisionError as error:
            report = ExceptionReporter(request, type(error), error, error.__traceback__).get_traceback_text()

        for name in ("secret_key", "encryption_key", "signing_key"):
            for value in getattr(settings.KEYS, name):
                assert value not in report, name

    def test_a_page_of_a_failure_says_the_same_whatever_failed(self) -> None:
        self.sign_in(self.cast.ben)
        texts = set()
        for error in (ZeroDivisionError("CANARY"), KeyError("CANARY"), UnicodeError("CANARY"), MemoryError("CANARY")):
            with mock.patch("tugi.tickets.views.inbox.sidebar", side_effect=error):
                for headers in ({}, {"HX-Request": "true"}, {"Accept": "application/json"}):
                    client = Client(raise_request_exception=False)
                    client.force_login(self.cast.ben)
                    answer = client.get("/tickets/", headers=headers)
                    assert answer.status_code == 500
                    texts.add(answer.content.decode())

        assert not any("CANARY" in text or "Traceback" in text or "sidebar" in text for text in texts)

    @override_settings(DEBUG=False)
    def test_a_forged_line_stays_one_line(self) -> None:
        """Django CVE-2025-48432 of 2025: addresses with line ends wrote lines of their own."""
        self.client.get("/nothing\r\n{'event': 'forged'}\x1b[31m")
        self.client.get("/nothing", headers={"Host": "evil.example\r\nforged"})
        self.client.post(
            "/csp", b'x"}\n{"event": "forged", "level": "info"}\n\x1b[31m', content_type="application/csp-report"
        )

        for line in filter(None, self.lines.getvalue().split("\n")):
            assert json.loads(line)["event"] != "forged"
            assert "\x1b" not in line
