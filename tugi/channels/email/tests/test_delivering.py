"""Every reply arrives once with everybody, or is told to be failed: servers that put off, refuse, or break (R14)."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

from django.test import override_settings

from tests.servers.scripted_smtp import Cut, ScriptedSmtp, scripted_smtp
from tugi.channels.email.models import Mailbox, OutboundMessage
from tugi.channels.email.smtp_pool import pool
from tugi.channels.email.testing import MailTest
from tugi.core import clock
from tugi.core.reasons import tell
from tugi.core.testing import at
from tugi.events import actors
from tugi.events.models import Event
from tugi.events.testing import run_consumers, run_sender
from tugi.people.models import Identity
from tugi.tickets import actions
from tugi.tickets.models import Delivery, Message, Ticket
from tugi.tickets.testing import reply

LATER = b"450 4.7.1 greylisted, come back later\r\n"
GONE = b"550 5.1.1 no such user\r\n"
CC = "eve@cc.example"


class DeliveringTest(MailTest):
    server: ScriptedSmtp

    def setUp(self) -> None:
        self.server = self.enterContext(scripted_smtp())
        self.addCleanup(pool.close_idle, 0)
        self.enterContext(override_settings(SMTP_SEND=("127.0.0.1", self.server.port)))
        self.ticket = self.open_ticket()
        OutboundMessage.objects.all().delete()
        run_consumers()
        OutboundMessage.objects.update(state="cancelled")

    def write(self, *, cc: tuple[str, ...] = ()) -> Message:
        said = reply(self.ticket, author=self.cast.ben, undo_for=timedelta(), cc=cc)
        run_consumers()
        return said

    def send(self, turns: int = 1) -> None:
        """Send what is due now, and then what falls due next, and so on."""
        for _turn in range(turns):
            run_sender("email.outbox")
            run_consumers()
            OutboundMessage.objects.filter(state="due").update(due_at=clock.now())

    def row(self, said: Message) -> OutboundMessage:
        return OutboundMessage.objects.get(message=said, kind="reply")

    def recipients(self) -> list[str]:
        return [each[8:].strip("<>") for each in self.server.commands if each.lower().startswith("rcpt")]

    def test_a_greylisted_reply_arrives_once(self) -> None:
        said = self.write()
        self.server.script("RCPT", LATER, LATER)
        self.send(turns=3)
        said.refresh_from_db()
        self.assertEqual((len(self.server.mails), said.delivery, said.delivery_error), (1, Delivery.SENT, ""))

    def test_who_is_put_off_beside_others_gets_it_later_and_they_not_again(self) -> None:
        said = self.write(cc=(CC,))
        self.server.script("RCPT", b"250 OK\r\n", LATER)
        self.send()
        said.refresh_from_db()
        self.assertEqual(said.delivery, Delivery.SENDING)
        self.assertIn("greylisted", tell(said.delivery_error))
        self.send()
        said.refresh_from_db()
        self.assertEqual((said.delivery, said.delivery_error), (Delivery.SENT, ""))
        self.assertEqual(self.recipients(), ["dora@dora.example", CC, CC])
        self.assertEqual((self.row(said).deferred, self.row(said).refused), ([], {}))

    def test_who_refused_for_good_is_not_asked_again_with_the_one_put_off(self) -> None:
        said = self.write(cc=(CC, "zoe@cc.example"))
        self.server.script("RCPT", b"250 OK\r\n", LATER, GONE)
        self.send(turns=2)
        said.refresh_from_db()
        self.assertEqual(self.recipients()[3:], [CC])
        self.assertEqual(
            (said.delivery, tell(said.delivery_error)), (Delivery.SENT, "zoe@cc.example: 550 5.1.1 no such user")
        )

    def test_each_mail_cut_before_the_yes_is_doubled_at_most_once_under_one_id(self) -> None:
        said = self.write()
        self.server.script("DATA-END", Cut())
        self.send(turns=2)
        said.refresh_from_db()
        ids = [
            next(line for line in mail.split(b"\r\n") if line.startswith(b"Message-ID")) for mail in self.server.mails
        ]
        self.assertEqual((len(ids), len(set(ids)), said.delivery), (2, 1, Delivery.SENT))

    def test_a_mail_cut_after_the_yes_is_not_doubled(self) -> None:
        said = self.write()
        self.server.script("DATA-END", Cut(after=b"250 OK\r\n"))
        self.send(turns=2)
        said.refresh_from_db()
        self.assertEqual((len(self.server.mails), said.delivery), (1, Delivery.SENT))

    def test_the_gaps_double_from_a_minute_to_a_day_and_end_after_days(self) -> None:
        said = self.write()
        self.server.script("RCPT", *[LATER] * 15)
        began, gaps = clock.now(), []
        now = began
        while (row := self.row(said)).state == "due":
            with at(now.isoformat()):
                run_sender("email.outbox")
            row.refresh_from_db()
            gaps.append((row.due_at - now) / timedelta(minutes=1))
            now = max(row.due_at, now)
        self.assertEqual([int(gap) >= 2**place for place, gap in enumerate(gaps[:11])], [True] * 11)
        self.assertTrue(all(gap <= 1.1 * 2**place for place, gap in enumerate(gaps[:11])), gaps)
        self.assertTrue(all(1440 <= gap <= 1584 for gap in gaps[11:14]), gaps)
        self.assertTrue(timedelta(days=4) < now - began < timedelta(days=6))
        said.refresh_from_db()
        self.assertEqual((said.delivery, len(gaps)), (Delivery.FAILED, 15))
        self.assertIn("greylisted", tell(said.delivery_error))

    def test_a_reply_that_failed_brings_its_ticket_up_in_its_authors_list(self) -> None:
        said = self.write()
        self.server.script("RCPT", GONE)
        self.send()
        self.sign_in(self.cast.ben)
        page = self.client.get("/tickets/?view=mine")
        self.assertContains(page, "chip--danger")
        self.assertContains(page, "item--unread")
        self.assertEqual(Event.objects.filter(kind="message.delivery_changed").last().data["delivery"], "failed")  # type: ignore[union-attr]
        actions.retry_delivery(said.pk, actor=actors.agent(self.cast.ben.pk))
        self.assertNotContains(self.client.get("/tickets/?view=mine"), "chip--danger")

    def test_the_mark_goes_with_the_next_reply_and_does_not_come_back_for_an_older_one(self) -> None:
        said = self.write()
        self.server.script("RCPT", LATER)
        self.send()
        self.write()
        self.server.script("RCPT", GONE, GONE)
        self.send()
        said.refresh_from_db()
        self.assertEqual(said.delivery, Delivery.FAILED)
        self.assertTrue(Ticket.objects.get().is_undelivered)
        self.write()
        self.assertFalse(Ticket.objects.get().is_undelivered)

    def test_an_address_that_the_server_calls_dead_is_marked_and_one_it_dislikes_is_not(self) -> None:
        for words, is_dead in ((b"550 5.7.1 blocked\r\n", False), (b"550 no\r\n", False), (GONE, True)):
            self.server.script("RCPT", words)
            self.write()
            self.send()
            found = Identity.objects.get(value="dora@dora.example").undeliverable_at
            self.assertEqual(found is not None, is_dead, words)

    def test_over_the_mailboxs_limit_is_later_and_no_attempt(self) -> None:
        Mailbox.objects.update(most_a_minute=2)
        said = [self.write() for _each in range(3)]
        run_sender("email.outbox")
        self.assertEqual(len(self.server.mails), 2)
        row = self.row(said[2])
        self.assertEqual((row.state, row.attempts), ("due", 0))
        self.assertLess(row.due_at, clock.now() + timedelta(minutes=1))
        said[2].refresh_from_db()
        self.assertIn("as many mails as it may", tell(said[2].delivery_error))
        with at((clock.now() + timedelta(minutes=1)).isoformat()):
            run_sender("email.outbox")
        self.assertEqual(len(self.server.mails), 3)

    def test_over_an_addresss_limit_is_later(self) -> None:
        with patch("tugi.channels.email.limits.TO_ONE_ADDRESS_AN_HOUR", 1):
            said = [self.write() for _each in range(2)]
            run_sender("email.outbox")
        self.assertEqual((len(self.server.mails), self.row(said[1]).state), (1, "due"))
