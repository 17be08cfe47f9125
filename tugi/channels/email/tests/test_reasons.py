"""What a worker of one language writes down, an agent reads in another."""

from __future__ import annotations

import threading
from datetime import timedelta

from django.test import override_settings
from django.utils.translation import override

from tests.servers.processes import free_port
from tugi.channels.email import probes
from tugi.channels.email.actions import accept_raw
from tugi.channels.email.fetchers import fetch_one
from tugi.channels.email.models import Mailbox, Outcome, RawMail, Via
from tugi.channels.email.testing import MailTest, mail
from tugi.core.reasons import reason
from tugi.events.testing import run_consumers, run_sender
from tugi.people import roles
from tugi.people.testing import make_agent
from tugi.tickets.models import Delivery, Message
from tugi.tickets.testing import reply


class ReasonsTest(MailTest):
    def setUp(self) -> None:
        self.sign_in(make_agent("Rita Reader", role=roles.ADMIN, language="ru"))

    def answered(self) -> Message:
        """A reply of Ben's that the worker has tried to send; it speaks English."""
        said = reply(self.open_ticket(), author=self.cast.ben, undo_for=timedelta())
        with override("en"):
            run_consumers()
            run_sender("email.outbox")
        said.refresh_from_db()
        return said

    def shown(self, path: str) -> str:
        return self.client.get(path).content.decode()

    @override_settings(SMTP_SEND=None)
    def test_why_a_reply_did_not_leave(self) -> None:
        said = self.answered()
        assert said.delivery == Delivery.FAILED
        page = self.shown(f"/tickets/{said.ticket.number}")
        assert "У ящика support@acme.example нет сервера для отправки." in page
        assert "no server" not in page

    def test_why_a_reply_could_not_even_be_tried(self) -> None:
        Mailbox.objects.update(is_active=False)
        page = self.shown(f"/tickets/{self.answered().ticket.number}")
        assert "Нет почтового ящика для отправки." in page

    def test_why_a_reply_is_late(self) -> None:
        port = free_port()
        with override_settings(SMTP_SEND=("127.0.0.1", port)):
            said = self.answered()
        assert said.delivery == Delivery.SENDING
        page = self.shown(f"/tickets/{said.ticket.number}")
        assert f"По адресу 127.0.0.1, порт {port}, никто не отвечает." in page

    def test_why_a_mailbox_is_not_fetched(self) -> None:
        port = free_port()
        here = {"imap_on": True, "imap_host": "127.0.0.1", "imap_port": port, "imap_security": "plain"}
        Mailbox.objects.update(imap_password="CANARY", **here)
        with override("en"):
            fetch_one(Mailbox.objects.get(), threading.Event())
        told = f"По адресу 127.0.0.1, порт {port}, никто не отвечает."
        assert told in self.shown("/settings/mail/health")
        assert told in self.shown(f"/settings/mail/{self.mailbox.pk}")
        with override("ru"):
            assert f"support@acme.example: {told}" in [finding.text for finding in probes.mail()]
        assert "CANARY" not in Mailbox.objects.get().last_error

    def test_why_a_mail_was_left_where_it_is(self) -> None:
        error = reason("mail.too_large", size=60_000_000, most=50_000_000)
        accept_raw(self.mailbox, mail(), via=Via.IMAP, outcome=Outcome.TOO_LARGE, error=error, size=60_000_000)
        page = self.shown("/settings/mail/health")
        assert "60 МБ" in page
        assert "50 МБ" in page

    def test_rows_from_before_there_were_codes_read_as_they_are(self) -> None:
        said = self.answered()
        row = accept_raw(self.mailbox, mail(), via=Via.IMAP)
        old = "It could not be done."
        Message.objects.filter(pk=said.pk).update(delivery=Delivery.FAILED, delivery_error=old)
        Mailbox.objects.update(imap_on=True, imap_host="127.0.0.1", failures=1, last_error=f"{old} Box.")
        RawMail.objects.filter(pk=row.pk).update(state=RawMail.State.FAILED, last_error=f"{old} Mail.")
        assert old in self.shown(f"/tickets/{said.ticket.number}")
        assert f"{old} Box." in self.shown("/settings/mail/health")
        assert f"{old} Mail." in self.shown("/settings/mail/health")
