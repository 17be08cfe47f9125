from __future__ import annotations

import pytest

from tugi.events import actors
from tugi.tickets import actions
from tugi.tickets.actions.delivery import begin_delivery, note_delay
from tugi.tickets.errors import TooLate
from tugi.tickets.models import Delivery, Message
from tugi.tickets.testing import DeskTest, make_ticket, reply

SENDER = actors.system("channel")


class DeliveryTest(DeskTest):
    def setUp(self) -> None:
        self.ticket = make_ticket(self.cast.north, self.cast.dora)
        self.message = reply(self.ticket, author=self.cast.ben)

    def record(self, delivery: Delivery, error: str = "") -> Message:
        return actions.record_delivery(self.message.pk, delivery=delivery, error=error, actor=SENDER)

    def test_a_sent_reply_says_when(self) -> None:
        assert begin_delivery(self.message.pk)

        message = self.record(Delivery.SENT)

        assert (message.delivery, message.sent_at is not None) == (Delivery.SENT, True)

    def test_a_sender_that_crashed_may_begin_again(self) -> None:
        assert begin_delivery(self.message.pk)

        assert begin_delivery(self.message.pk)

    def test_a_failed_reply_says_why_and_can_be_sent_again(self) -> None:
        self.record(Delivery.FAILED, "550 no such user")

        message = actions.retry_delivery(self.message.pk, actor=actors.agent(self.cast.ben.pk))

        assert (message.delivery, message.delivery_error) == (Delivery.WAITING, "")

    def test_a_delay_is_told_of_a_reply_that_is_leaving_and_of_no_other(self) -> None:
        for state, error in ((Delivery.SENDING, "451 later"), (Delivery.SENT, "")):
            if state == Delivery.SENDING:
                begin_delivery(self.message.pk)
            else:
                self.record(state)

            note_delay(self.message.pk, error="451 later", actor=SENDER)

            self.message.refresh_from_db()
            assert (self.message.delivery, self.message.delivery_error) == (state, error)

    def test_only_a_failed_reply_is_sent_again(self) -> None:
        self.record(Delivery.SENT)

        with pytest.raises(TooLate):
            actions.retry_delivery(self.message.pk, actor=actors.agent(self.cast.ben.pk))

    def test_saying_the_same_twice_is_one_fact(self) -> None:
        from tugi.events.models import Event

        for _ in range(2):
            self.record(Delivery.SENT)

        facts = Event.objects.filter(ticket_id=self.ticket.pk, kind="message.delivery_changed")
        assert facts.count() == 1
