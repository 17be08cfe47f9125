"""R07 and R08: poisoned mails among many, kept apart with their bytes, and taken in once the reader is better."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest
import time_machine

from tugi.channels.email import intake
from tugi.channels.email.actions import accept_raw, retry_all_raw
from tugi.channels.email.models import RawMail, Via
from tugi.channels.email.parsing.isolated import MailUnreadable, parse_isolated
from tugi.channels.email.parsing.mail import ParsedMail
from tugi.channels.email.testing import MailTest, mail
from tugi.core import blobs
from tugi.events import actors
from tugi.events.testing import assert_events, run_sender
from tugi.tickets.models import Ticket

POISON = b"poisoned"
MAILS = 100


def read_badly(raw: bytes) -> ParsedMail:
    if POISON in raw:
        raise MailUnreadable("time")
    return parse_isolated(raw)


class QuarantineTest(MailTest):
    @pytest.fixture(autouse=True)
    def _clock(self, travel: time_machine.Traveller) -> None:
        self.travel = travel

    @pytest.mark.once
    def test_poisoned_mails_hold_up_nobody_and_come_in_later_in_their_order(self) -> None:
        sent = [self.take(number) for number in range(MAILS)]
        poisoned = sent[::10]
        with patch.object(intake, "parse_isolated", read_badly):
            run_sender("email.intake")
            self.assertEqual(Ticket.objects.count(), MAILS - len(poisoned))
            for _try in range(4):
                self.travel.shift(timedelta(hours=1))
                run_sender("email.intake")
        kept = list(RawMail.objects.filter(state=RawMail.State.FAILED).order_by("id"))
        self.assertEqual([row.pk for row in kept], [row.pk for row in poisoned])
        self.assertTrue(all(POISON in blobs.read(row.sha256) for row in kept))

        with assert_events("mail.all_retried"):
            count = retry_all_raw([self.mailbox.pk], actor=actors.agent(self.cast.ada.pk))
        self.assertEqual(count, len(poisoned))
        self.travel.shift(1)
        run_sender("email.intake")

        late = list(Ticket.objects.filter(subject__contains="poisoned").order_by("number"))
        self.assertEqual([ticket.created_at for ticket in late], [row.received_at for row in poisoned])
        self.assertEqual(RawMail.objects.filter(state=RawMail.State.DONE).count(), MAILS)

    def test_new_mail_goes_in_between_those_that_are_tried_again(self) -> None:
        rows = [self.take(number) for number in range(10)]
        RawMail.objects.update(state=RawMail.State.FAILED)
        retry_all_raw([self.mailbox.pk], actor=actors.agent(self.cast.ada.pk))
        self.travel.shift(timedelta(milliseconds=30))
        new = accept_raw(self.mailbox, mail(subject="A new one."), via=Via.SMTP)
        due = list(RawMail.objects.order_by("due_at", "id").values_list("id", flat=True))
        self.assertEqual(due.index(new.pk), 2)
        self.assertEqual([each for each in due if each != new.pk], [row.pk for row in rows])

    def test_what_another_department_has_is_left_alone(self) -> None:
        row = self.take(0)
        RawMail.objects.update(state=RawMail.State.FAILED)
        self.assertEqual(retry_all_raw([], actor=actors.agent(self.cast.ada.pk)), 0)
        row.refresh_from_db()
        self.assertEqual(row.state, RawMail.State.FAILED)

    def take(self, number: int) -> RawMail:
        self.travel.shift(timedelta(seconds=2))
        kind = "poisoned" if number % 10 == 0 else "good"
        return accept_raw(self.mailbox, mail(subject=f"A {kind} mail, the {number}."), via=Via.SMTP)
