"""Machines that write to machines, and bombs thrown through us (SECURITY A4)."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

from django.test import override_settings

from tests.servers.smtp_sink import SmtpSink, smtp_sink
from tugi.channels.email.actions import automatic
from tugi.channels.email.models import AutomaticPause, Mailbox, OutboundMessage
from tugi.channels.email.schedule import end_pauses
from tugi.channels.email.smtp_pool import pool
from tugi.channels.email.testing import MailTest, mail, make_mailbox
from tugi.core import clock, limits
from tugi.core.testing import at
from tugi.events.models import Event
from tugi.events.testing import run_consumers, run_sender
from tugi.people import roles
from tugi.people.testing import make_agent
from tugi.tickets.models import Ticket


class A4Test(MailTest):
    sink: SmtpSink

    def setUp(self) -> None:
        self.sink = self.enterContext(smtp_sink())
        self.addCleanup(pool.close_idle, 0)
        self.enterContext(override_settings(SMTP_SEND=("127.0.0.1", self.sink.port)))

    def work(self) -> None:
        run_consumers()
        run_sender("email.outbox")
        run_consumers()

    def test_a4_1_a_robot_that_answers_all_it_gets_hears_from_us_twice_a_day(self) -> None:
        """It names itself in no header, its domain is proven, and it answers by a new mail, at once or slowly."""
        for gap in (timedelta(seconds=1), timedelta(minutes=10), timedelta(hours=2)):
            for says in ("Thank you for your mail", "Case 4711-{number}", "Re: {subject}"):
                robot = f"robot{gap.seconds}{len(says)}@dora.example"
                self.assertLessEqual(self.converse(robot, gap, says), 2, (gap, says))

    def converse(self, robot: str, gap: timedelta, says: str) -> int:
        """How many mails a robot gets within a day that answers each, after we have had its first."""
        now = began = clock.now()
        heard = 0
        self.receive(mail("Hello.", sender=robot, subject="Hello", vouched="dora.example"))
        while now < began + timedelta(hours=24):
            with at(now.isoformat()):
                self.work()
            mails = self.sink.to(robot)
            if len(mails) == heard:
                break
            heard, now = len(mails), now + gap
            answer = says.format(number=heard, subject=mails[-1].message["Subject"])
            with at(now.isoformat()):
                text = f"We got your mail number {heard}."
                self.receive(mail(text, sender=robot, subject=answer, vouched="dora.example"))
        return heard

    def test_a4_1_a_robot_that_answers_to_the_signed_address_hears_nothing_more(self) -> None:
        self.receive(mail("Hello.", sender="robot@other.example"))
        self.work()
        answer_to = self.sink.deliveries[0].message["Reply-To"]
        for number in range(5):
            self.receive(mail(f"Received, {number}.", sender="robot@other.example", to=answer_to))
            self.work()
        self.assertEqual((len(self.sink.deliveries), Ticket.objects.count()), (1, 1))

    def test_a4_1_our_mails_to_each_other_end_where_they_came(self) -> None:
        """Two desks in one: what one mailbox sends another of ours is never answered."""
        make_mailbox(self.cast.south, "sales@acme.example")
        self.receive(mail("Hello.", sender="sales@acme.example"))
        self.work()
        self.assertEqual((self.sink.deliveries, Ticket.objects.count()), ([], 0))

    def test_a_person_with_several_requests_in_a_day_is_told_of_each(self) -> None:
        began = clock.now()
        for number, subject in enumerate(("Printer", "Invoice", "Password", "Delivery", "Contract")):
            with at((began + timedelta(hours=2 * number)).isoformat()):
                self.receive(mail(f"About my {subject}", subject=subject, vouched="dora.example"))
                self.work()
        self.assertEqual(len(self.sink.deliveries), 5)

    def test_a4_4_forty_forged_mails_bring_the_victim_two_without_a_word_of_theirs(self) -> None:
        for number in range(40):
            text = f"CANARY number {number}"
            self.receive(mail(text, sender="CANARY <victim@victim.example>", subject=f"CANARY {number}"))
        self.work()
        got = self.sink.to("victim@victim.example")
        self.assertLessEqual(len(got), 2)
        self.assertNotIn("CANARY", "".join(str(each.message) for each in got))

    def test_over_the_limit_automatic_mail_stops_and_the_admins_are_told(self) -> None:
        Mailbox.objects.filter(pk=self.mailbox.pk).update(automatic_an_hour=3)
        other = make_mailbox(self.cast.south, "sales@acme.example")
        for number in range(5):
            self.receive(mail(f"Number {number}", sender=f"x{number}@many.example"))
        self.work()
        self.assertEqual(len(self.sink.deliveries), 3)
        self.assertEqual(Event.objects.filter(kind="mail.automatic_stopped").count(), 1)
        stopped = Event.objects.filter(kind="ticket.acknowledgement_withheld", data__is_stopped=True)
        self.assertEqual(stopped.count(), 2)
        self.sign_in(self.cast.ada)
        self.assertContains(self.client.get("/settings/mail"), "Automatic mail from support@acme.example is stopped")
        self.receive(mail("To another mailbox", sender="y@many.example"), mailbox=other)
        self.work()
        self.assertEqual(len(self.sink.deliveries), 4)

    def test_it_goes_on_by_itself_after_an_hour_or_at_once_by_a_button(self) -> None:
        for way in ("clock", "button"):
            limits.refill(f"automatic-mail:{self.mailbox.pk}")
            Mailbox.objects.filter(pk=self.mailbox.pk).update(automatic_an_hour=1)
            for number in range(2):
                self.receive(mail(f"{way} {number}", sender=f"{way}{number}@many.example"))
            self.work()
            pause = AutomaticPause.objects.get()
            if way == "button":
                self.sign_in(self.cast.ada)
                self.client.post(f"/settings/mail/stopped/{pause.pk}/end")
            else:
                self.assertFalse(end_pauses())
                with at((clock.now() + timedelta(minutes=61)).isoformat()):
                    self.assertTrue(end_pauses())
            self.receive(mail(f"{way} again", sender=f"{way}@again.example"))
            self.work()
            self.assertEqual(len(self.sink.to(f"{way}@again.example")), 1)
        self.assertEqual(Event.objects.filter(kind="mail.automatic_resumed").count(), 2)

    def test_all_mailboxes_together_have_a_limit_too(self) -> None:
        other = make_mailbox(self.cast.south, "sales@acme.example")
        with patch.object(automatic, "MOST_OF_THE_DESK", 3):
            for number in range(6):
                box = other if number % 2 else self.mailbox
                self.receive(mail(f"Number {number}", sender=f"x{number}@many.example"), mailbox=box)
            self.work()
        self.assertEqual(len(self.sink.deliveries), 3)
        self.assertIsNone(AutomaticPause.objects.get().mailbox)
        self.sign_in(self.cast.ada)
        self.assertContains(self.client.get("/settings/mail"), "of the whole desk is stopped")

    def test_a_lead_lets_the_mail_of_their_own_department_go_on_and_no_other(self) -> None:
        lead = make_agent("Lena Lead", role=roles.LEAD, department=self.cast.south)
        now = clock.now()
        pause = AutomaticPause.objects.create(key="x", mailbox=self.mailbox, since=now, until=now + timedelta(hours=1))
        self.sign_in(lead)
        self.client.post(f"/settings/mail/stopped/{pause.pk}/end")
        self.assertTrue(AutomaticPause.objects.exists())

    def test_machines_are_not_answered_however_they_say_what_they_are(self) -> None:
        said = (
            {"Auto-Submitted": "auto-replied"},
            {"Precedence": "bulk"},
            {"X-Auto-Response-Suppress": "All"},
            {"List-Id": "<list.other.example>"},
            {"Return-Path": "<>"},
        )
        for headers in said:
            self.receive(mail(f"I am {headers}", sender="robot@other.example", headers=headers))
        self.work()
        self.assertEqual((len(self.sink.deliveries), OutboundMessage.objects.count()), (0, 0))
