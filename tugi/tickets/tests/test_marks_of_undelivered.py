"""Replies that had failed before tickets were marked for it."""

from __future__ import annotations

from importlib import import_module

from django.apps import apps

from tugi.core import clock
from tugi.tickets.models import Delivery, Message, MessageKind, Ticket
from tugi.tickets.testing import DeskTest, make_ticket


class MarksTest(DeskTest):
    def test_tickets_whose_newest_reply_failed_are_marked(self) -> None:
        failed = self.ticket(Delivery.SENT, Delivery.FAILED)
        failed_before_one_withdrawn = self.ticket(Delivery.FAILED, Delivery.WITHDRAWN)
        self.ticket(Delivery.FAILED, Delivery.SENT)
        self.ticket(Delivery.SENT)
        self.ticket()
        Ticket.objects.update(is_undelivered=False)

        migration = import_module("tugi.tickets.migrations.0008_undelivered")
        migration.mark_undelivered(apps, None)

        marked = Ticket.objects.filter(is_undelivered=True).values_list("pk", flat=True)
        self.assertEqual(set(marked), {failed.pk, failed_before_one_withdrawn.pk})

    def ticket(self, *deliveries: Delivery) -> Ticket:
        """One whose replies fared so, with a note behind them."""
        ticket = make_ticket(self.cast.north, self.cast.dora)
        for kind, delivery in (*((MessageKind.OUTBOUND, each) for each in deliveries), (MessageKind.NOTE, "")):
            written = {"ticket": ticket, "channel": "email", "agent": self.cast.ben, "created_at": clock.now()}
            Message.objects.create(kind=kind, delivery=delivery, **written)
        return ticket
