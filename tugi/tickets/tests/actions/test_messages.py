from __future__ import annotations

from datetime import timedelta

import pytest

from tugi.core.testing import at
from tugi.events import actors
from tugi.tickets import actions
from tugi.tickets.actions.delivery import begin_delivery
from tugi.tickets.errors import NothingToSay, TicketIsMerged, TooLate
from tugi.tickets.models import Category, Delivery, Message, Stage
from tugi.tickets.testing import (
    DeskTest,
    assert_events,
    content,
    make_file,
    make_ticket,
    merge,
    note,
    receive,
    reply,
    status,
)

OPENED = ("ticket.opened", "message.received")


class ReceiveMessageTest(DeskTest):
    def test_a_customers_message_reopens_what_was_resolved(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora, category=Category.RESOLVED)

        receive(ticket, "It broke again.")

        assert ticket.status.category == Category.OPEN
        assert ticket.resolved_at is None
        assert ticket.snippet == "It broke again."

    def test_a_machines_message_reopens_nothing_and_starts_no_waiting(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora)
        reply(ticket, "Done.", author=self.cast.ben, then=Category.RESOLVED)

        receive(ticket, "I am out of the office.", is_automatic=True)

        assert ticket.status.category == Category.RESOLVED
        assert ticket.waiting_since is None
        assert ticket.message_count == 3

    def test_the_wait_counts_from_the_oldest_unanswered_message(self) -> None:
        with at("2026-11-23T09:00:00+00:00") as clock:
            ticket = make_ticket(self.cast.north, self.cast.dora)
            first = ticket.waiting_since
            clock.shift(600)
            receive(ticket, "Hello?")

        assert ticket.waiting_since == first

    def test_a_message_cannot_be_written_in_the_future(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora)

        message = receive(ticket)

        assert message.written_at is not None
        assert message.written_at <= message.created_at

    def test_a_merged_ticket_takes_no_messages(self) -> None:
        source, target = (make_ticket(self.cast.north, self.cast.dora) for _ in range(2))
        merge(source, into=target, agent=self.cast.ben)

        with pytest.raises(TicketIsMerged):
            receive(source)


class ReplyTest(DeskTest):
    def test_a_reply_waits_for_its_undo_window_and_opens_a_new_ticket(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora)

        message = reply(ticket, "On it.", author=self.cast.ben)

        assert message.delivery == Delivery.WAITING
        assert message.send_at == message.created_at + timedelta(seconds=10)
        assert (ticket.status.category, ticket.is_unread, ticket.waiting_since) == (
            Category.OPEN,
            False,
            None,
        )
        assert_events(ticket, *OPENED, "message.reply_written", "ticket.status_changed", "ticket.assigned")

    def test_who_answers_takes_a_ticket_that_nobody_has(self) -> None:
        free, taken = (make_ticket(self.cast.north, self.cast.dora, assignee=each) for each in (None, self.cast.ada))

        for ticket in (free, taken):
            reply(ticket, author=self.cast.ben)

        assert (free.assignee, taken.assignee) == (self.cast.ben, self.cast.ada)

    def test_a_reply_may_set_the_status_with_it(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora)

        reply(ticket, "Is it plugged in?", author=self.cast.ben, then=Category.PENDING)

        assert ticket.stage == Stage.WAITING

    def test_a_reply_without_a_word_or_file_is_refused(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora)

        with pytest.raises(NothingToSay):
            reply(ticket, "  \n ", author=self.cast.ben)

        assert Message.objects.filter(ticket=ticket).count() == 1

    def test_a_file_alone_is_a_reply(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora)

        message = reply(ticket, "", author=self.cast.ben, files=[make_file()])

        assert [file.name for file in message.attachments.all()] == ["report.txt"]


class WithdrawReplyTest(DeskTest):
    def withdraw(self, message: Message) -> Message:
        return actions.withdraw_reply(message.pk, actor=actors.agent(self.cast.ben.pk))

    def test_a_reply_taken_back_in_time_never_leaves(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora, text="Please help.")
        message = reply(ticket, "Wrong answer.", author=self.cast.ben)

        self.withdraw(message)

        ticket.refresh_from_db()
        assert not begin_delivery(message.pk)
        assert (ticket.snippet, ticket.message_count) == ("Please help.", 1)
        assert ticket.waiting_since is not None
        assert message.pk not in Message.objects.public().values_list("id", flat=True)

    def test_the_wait_counts_from_the_oldest_unanswered_message_again(self) -> None:
        with at("2026-11-23T09:00:00+00:00") as clock:
            ticket = make_ticket(self.cast.north, self.cast.dora)
            first = ticket.waiting_since
            clock.shift(600)
            receive(ticket, "Hello?")
            self.withdraw(reply(ticket, author=self.cast.ben))

        ticket.refresh_from_db()
        assert ticket.waiting_since == first

    def test_the_status_that_was_set_with_it_goes_back_too(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora)
        message = reply(ticket, "Solved, I think.", author=self.cast.ben, then=Category.RESOLVED)

        self.withdraw(message)

        ticket.refresh_from_db()
        assert (ticket.status.category, ticket.resolved_at) == (Category.NEW, None)

    def test_the_assignment_that_came_with_it_goes_too(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora)

        self.withdraw(reply(ticket, author=self.cast.ben))

        ticket.refresh_from_db()
        assert ticket.assignee is None

    def test_who_was_assigned_meanwhile_stays(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora)
        message = reply(ticket, author=self.cast.ben)
        actions.assign_ticket(ticket.pk, to=self.cast.ada, actor=actors.agent(self.cast.ada.pk))

        self.withdraw(message)

        ticket.refresh_from_db()
        assert ticket.assignee == self.cast.ada

    def test_a_status_that_somebody_set_meanwhile_stays(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora)
        message = reply(ticket, "Solved, I think.", author=self.cast.ben, then=Category.RESOLVED)
        actions.change_status(ticket.pk, to=status(Category.ON_HOLD), actor=actors.agent(self.cast.ada.pk))

        self.withdraw(message)

        ticket.refresh_from_db()
        assert ticket.status.category == Category.ON_HOLD

    def test_after_the_window_it_is_too_late(self) -> None:
        with at("2026-11-23T09:00:00+00:00") as clock:
            message = reply(make_ticket(self.cast.north, self.cast.dora), author=self.cast.ben)
            clock.shift(10)

            with pytest.raises(TooLate):
                self.withdraw(message)

    def test_once_it_is_leaving_it_is_too_late(self) -> None:
        message = reply(make_ticket(self.cast.north, self.cast.dora), author=self.cast.ben)
        assert begin_delivery(message.pk)

        with pytest.raises(TooLate):
            self.withdraw(message)

    def test_it_cannot_be_taken_back_twice(self) -> None:
        message = reply(make_ticket(self.cast.north, self.cast.dora), author=self.cast.ben)
        self.withdraw(message)

        with pytest.raises(TooLate):
            self.withdraw(message)


class NoteTest(DeskTest):
    def test_a_note_is_counted_but_changes_nothing_the_customer_sees(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora, text="Please help.")
        before = ticket.active_at

        message = note(ticket, "Third time this week.", author=self.cast.leo)

        assert (ticket.snippet, ticket.active_at, ticket.message_count) == ("Please help.", before, 2)
        assert message.pk not in Message.objects.public().values_list("id", flat=True)
        assert_events(ticket, *OPENED, "message.note_added")

    def test_an_empty_note_is_refused(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora)

        with pytest.raises(NothingToSay):
            actions.add_note(ticket.pk, content(""), author=self.cast.ben, actor=actors.agent(self.cast.ben.pk))


class MarkReadTest(DeskTest):
    def test_reading_clears_the_mark_and_leaves_no_trace(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora)

        actions.mark_read(ticket.pk)

        ticket.refresh_from_db()
        assert not ticket.is_unread
        assert_events(ticket, *OPENED)
