"""Links of our own that come back by mail (SECURITY A2.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch
from urllib.parse import quote

import time_machine
from django.db import connection
from django.urls import reverse

from tugi.channels.email.models import Outcome, RawMail
from tugi.channels.email.own_links import LOOKED_AT, keys_in
from tugi.channels.email.parsing import Attachment, ParsedMail
from tugi.channels.email.parsing.isolated import parse_isolated
from tugi.channels.email.testing import MailTest, mail
from tugi.core import clock
from tugi.core.doctor import examine
from tugi.events import actors
from tugi.events.testing import assert_events
from tugi.people.actions import make_account_link
from tugi.tickets.models import Message, Ticket


class OwnLinksTest(MailTest):
    def setUp(self) -> None:
        key = make_account_link(self.cast.ben.pk, actor=actors.system("web"))
        self.link = "https://desk.acme.example" + reverse("people:first-password", args=[key])

    def assert_withheld(self, row: RawMail) -> None:
        self.assertEqual((row.outcome, row.state, row.message), (Outcome.WITHHELD, RawMail.State.DONE, None))
        self.assertEqual((Ticket.objects.count(), Message.objects.count()), (0, 0))

    def test_a2_2_a_mail_with_a_link_that_sets_a_password_becomes_nothing_and_raises_the_alarm(self) -> None:
        with assert_events("mail.withheld"):
            row = self.receive(mail(f"Choose your password: {self.link}"))
        self.assert_withheld(row)
        amber = [finding.text for name, finding in examine() if name == "mail" and finding.state == "amber"]
        self.assertTrue(any("sets an agent" in text for text in amber))

    def test_it_is_found_in_html_in_forwards_and_in_rewritten_links(self) -> None:
        rewritten = f"https://safe.example/?url={quote(self.link, safe='')}&x=1"
        html = f'<a href="{self.link}">Here</a>'
        for number, text in enumerate((rewritten, f"FYI\n\n> Forwarded\n> <{self.link}>", self.link)):
            self.assert_withheld(self.receive(mail(text, message_id=f"<{number}@x.example>")))
        raw = mail("x").replace(b"text/plain", b"text/html").replace(b"x\r\n", html.encode() + b"\r\n")
        self.assert_withheld(self.receive(raw))

    def test_it_is_looked_for_before_the_transaction_and_not_without_end(self) -> None:
        in_transaction: list[bool] = []

        def look(parsed: ParsedMail) -> tuple[str, ...]:
            in_transaction.append(len(connection.savepoint_ids) > depth)
            return keys_in(parsed)

        depth = len(connection.savepoint_ids)
        with patch("tugi.channels.email.intake.keys_in", look):
            self.assert_withheld(self.receive(mail(self.link)))
        self.assertEqual(in_transaction, [False])

    def test_a_file_of_words_is_searched_to_a_limit(self) -> None:
        parsed = parse_isolated(mail("See the file."))
        word = b"/" + b"k" * 32
        for content, found in ((word, True), (b"-\n" * LOOKED_AT + word, False)):
            file = Attachment("a.txt", "text/plain", "text/plain", "", inline=False, hidden=False, content=content)
            self.assertEqual(bool(keys_in(replace(parsed, attachments=(file,)))), found)

    def test_who_manages_mail_cannot_open_it_either(self) -> None:
        row = self.receive(mail(self.link))
        self.sign_in(self.cast.ada)
        self.assertEqual(self.client.get(f"/settings/mail/unprocessed/{row.pk}/original").status_code, 404)

    def test_a_dead_link_and_any_other_long_word_are_words(self) -> None:
        with time_machine.travel(clock.now() + timedelta(days=4)):
            row = self.receive(mail(f"{self.link} https://shop.example/{'a' * 32}"))
        self.assertEqual(row.outcome, Outcome.OPENED)
