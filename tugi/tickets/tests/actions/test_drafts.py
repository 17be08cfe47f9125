"""What is remembered of drafts that became messages, and for how long."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

from tugi.core import clock
from tugi.tickets.actions import drafts
from tugi.tickets.models import Message, TakenDraft
from tugi.tickets.schedule import forget_taken_drafts
from tugi.tickets.testing import DeskTest, make_ticket


class ForgettingTest(DeskTest):
    def setUp(self) -> None:
        self.message = Message.objects.get(ticket=make_ticket(self.cast.north, self.cast.dora))

    def take(self, key: str, *, days_ago: int) -> None:
        taken_at = clock.now() - timedelta(days=days_ago)
        TakenDraft.objects.create(
            ticket=self.message.ticket, agent=self.cast.ben, key=key, message=self.message, taken_at=taken_at
        )

    def test_a_draft_is_forgotten_after_a_month(self) -> None:
        self.take("old", days_ago=31)
        self.take("young", days_ago=29)

        forget_taken_drafts()

        assert list(TakenDraft.objects.values_list("key", flat=True)) == ["young"]
        assert Message.objects.filter(id=self.message.pk).exists()

    def test_many_are_forgotten_some_at_a_time(self) -> None:
        for number in range(5):
            self.take(f"old-{number}", days_ago=40)

        # Two rows are found and deleted three times; then none is found.
        with mock.patch.object(drafts, "BATCH", 2), self.assertNumQueries(7):
            forget_taken_drafts()

        assert not TakenDraft.objects.exists()
