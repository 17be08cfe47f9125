"""Our mails through a real Postfix: over one connection, and what it sends back finds its mail."""

from __future__ import annotations

import pwd
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import override_settings

from tests.servers import postfix as postfixes
from tests.servers.processes import folder, wait_until
from tests.servers.smtp_sink import SmtpSink, smtp_sink
from tugi.channels.email.actions import accept_raw
from tugi.channels.email.intake import take_in
from tugi.channels.email.models import OutboundMessage, Outcome, Via
from tugi.channels.email.smtp_pool import pool
from tugi.channels.email.testing import MailTest
from tugi.core.reasons import tell
from tugi.events.testing import run_consumers, run_sender
from tugi.people.models import Identity
from tugi.tickets.models import Delivery, Message, Ticket
from tugi.tickets.testing import reply

pytestmark = [
    pytest.mark.skipif(not postfixes.can_run(), reason="Postfix wants root and to be installed"),
    pytest.mark.once,
]


@contextmanager
def mail_world() -> Iterator[tuple[postfixes.Postfix, SmtpSink, Path]]:
    """Postfix with the mailbox support@acme.example, which hands dora.example on to a sink."""
    nobody = pwd.getpwnam("nobody")
    with folder("tugi-mail") as home, smtp_sink() as sink:
        home.chmod(0o755)
        (home / "boxes").mkdir()
        shutil.chown(home / "boxes", nobody.pw_uid, nobody.pw_gid)
        maildir = home / "boxes/support"
        relays = {"dora.example": ("127.0.0.1", sink.port)}
        owner = (nobody.pw_uid, nobody.pw_gid)
        with postfixes.postfix({"support@acme.example": maildir}, owner, relays=relays) as server:
            yield server, sink, maildir


class PostfixTest(MailTest):
    def setUp(self) -> None:
        self.postfix, self.sink, self.maildir = self.enterContext(mail_world())
        self.addCleanup(pool.close_idle, 0)
        self.enterContext(override_settings(SMTP_SEND=("127.0.0.1", self.postfix.port)))

    def test_replies_share_a_connection_and_a_report_comes_back_to_its_mail(self) -> None:
        ticket = self.open_ticket()
        said = [self.say(ticket, f"Answer number {number}") for number in range(3)]
        before = self.postfix.log().count(": connect from ")
        self.send()
        self.sink.wait_for(4)
        self.assertEqual(self.postfix.log().count(": connect from ") - before, 1)
        ids = [each.message["Message-ID"] for each in self.sink.deliveries if not each.message["Auto-Submitted"]]
        self.assertEqual(len(set(ids)), 3)

        self.sink.refused = {"dora@dora.example": "550 5.1.1 no such user"}
        late = self.say(ticket, "One more")
        self.send()
        self.assertEqual(Message.objects.get(pk=late.pk).delivery, Delivery.SENT)
        report = self.report()
        # Without the enclosed mail: only the address it came to names our mail.
        bare = report.replace(OutboundMessage.objects.get(message=late).mail_id.encode(), b"gone@x")
        row = accept_raw(self.mailbox, bare, via=Via.PIPE, envelope_from="", envelope_to=(self.came_to(report),))
        take_in(row)
        row.refresh_from_db()
        late.refresh_from_db()
        self.assertEqual((row.outcome, late.delivery), (Outcome.BOUNCE, Delivery.FAILED))
        self.assertIn("no such user", tell(late.delivery_error))
        self.assertIsNotNone(Identity.objects.get(value="dora@dora.example").undeliverable_at)
        self.assertEqual([each.delivery for each in map(self.fresh, said)], [Delivery.SENT] * 3)

    def say(self, ticket: Ticket, text: str) -> Message:
        said = reply(ticket, text, author=self.cast.ben, undo_for=timedelta())
        run_consumers()
        return said

    def send(self) -> None:
        run_sender("email.outbox")
        run_consumers()

    def fresh(self, message: Message) -> Message:
        return Message.objects.get(pk=message.pk)

    def report(self) -> bytes:
        wait_until(lambda: any(self.maildir.glob("new/*")), f"the report: {self.postfix.log()[-1500:]}", 20)
        return next((self.maildir / "new").iterdir()).read_bytes()

    def came_to(self, report: bytes) -> str:
        lines = (line.decode() for line in report.splitlines())
        return next(line.split(":", 1)[1].strip(" <>") for line in lines if line.lower().startswith("delivered-to:"))
