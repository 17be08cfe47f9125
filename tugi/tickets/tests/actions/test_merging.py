from __future__ import annotations

import pytest

from tugi.core import clock
from tugi.core.errors import NotFound
from tugi.events import actors
from tugi.people.testing import make_contact
from tugi.tickets import actions
from tugi.tickets.errors import CannotMerge, TicketIsMerged
from tugi.tickets.models import Category, Merge, Participant, Stage
from tugi.tickets.testing import DeskTest, make_ticket, merge, note, receive, reply


class MergeTest(DeskTest):
    def setUp(self) -> None:
        self.source = make_ticket(self.cast.north, self.cast.emil, text="By chat.", category=Category.PENDING)
        self.target = make_ticket(self.cast.north, self.cast.dora, text="By mail.")

    def texts(self, ticket_id: int) -> list[str]:
        from tugi.tickets.models import Message

        return list(Message.objects.filter(ticket_id=ticket_id).values_list("text", flat=True))

    def undo(self, done: Merge) -> Merge:
        return actions.undo_merge(done.pk, actor=actors.agent(self.cast.ben.pk))

    def test_all_messages_move_and_the_source_points_to_the_target(self) -> None:
        note(self.source, "Same person.", author=self.cast.ben)

        merge(self.source, into=self.target, agent=self.cast.ben)

        assert self.texts(self.source.pk) == []
        assert self.texts(self.target.pk) == ["By chat.", "By mail.", "Same person."]
        assert (self.source.stage, self.source.merged_into) == (Stage.MERGED, self.target)
        assert self.target.message_count == 3

    def test_the_other_requester_takes_part_from_then_on(self) -> None:
        merge(self.source, into=self.target, agent=self.cast.ben)

        assert [who.contact for who in self.target.participants.all()] == [self.cast.emil]

    def test_whom_an_agent_removed_comes_back_by_no_other_merge(self) -> None:
        done = merge(self.source, into=self.target, agent=self.cast.ben)
        actions.remove_participant(self.target.pk, self.cast.emil.pk, actor=actors.agent(self.cast.ben.pk))
        self.undo(done)

        merge(self.source, into=self.target, agent=self.cast.ben)

        assert not self.target.participants.filter(removed_at=None).exists()

    def test_undoing_takes_back_whom_the_merge_brought_also_as_removed(self) -> None:
        frida = make_contact("Frida", "frida@frida.example")
        Participant.objects.create(ticket=self.source, contact=frida, added_at=clock.now(), removed_at=clock.now())

        done = merge(self.source, into=self.target, agent=self.cast.ben)
        assert [who.contact for who in self.target.participants.exclude(removed_at=None)] == [frida]
        self.undo(done)

        assert not self.target.participants.exists()

    def test_no_more_than_fifty_take_part_in_what_two_tickets_became(self) -> None:
        people = [make_contact(f"Person {number}", f"person{number}@people.example") for number in range(60)]
        now = clock.now()
        Participant.objects.bulk_create(Participant(ticket=self.source, contact=each, added_at=now) for each in people)

        merge(self.source, into=self.target, agent=self.cast.ben)

        assert self.target.participants.count() == 50

    def test_undoing_sends_back_exactly_what_came_and_the_old_status(self) -> None:
        done = merge(self.source, into=self.target, agent=self.cast.ben)
        reply(self.target, "One answer for both.", author=self.cast.ben)

        self.undo(done)

        self.source.refresh_from_db()
        self.target.refresh_from_db()
        assert self.texts(self.source.pk) == ["By chat."]
        assert self.texts(self.target.pk) == ["By mail.", "One answer for both."]
        assert (self.source.stage, self.source.merged_into) == (Stage.WAITING, None)
        assert (self.source.message_count, self.source.snippet) == (1, "By chat.")

    def test_an_answered_ticket_is_answered_again_once_the_merge_is_undone(self) -> None:
        reply(self.target, "Answered.", author=self.cast.ben)
        later = make_ticket(self.cast.north, self.cast.emil, text="Another question.")
        asked = later.waiting_since
        done = merge(later, into=self.target, agent=self.cast.ben)
        assert self.target.waiting_since == asked

        self.undo(done)

        self.target.refresh_from_db()
        assert self.target.waiting_since is None

    def test_a_reply_that_was_taken_back_is_not_counted(self) -> None:
        said = reply(self.target, "Wrong.", author=self.cast.ben)
        actions.withdraw_reply(said.pk, actor=actors.agent(self.cast.ben.pk))

        merge(self.source, into=self.target, agent=self.cast.ben)

        assert self.target.message_count == 2

    def test_a_merge_of_a_merge_is_undone_step_by_step(self) -> None:
        third = make_ticket(self.cast.north, self.cast.dora, text="By phone.")
        first = merge(self.source, into=self.target, agent=self.cast.ben)
        second = merge(self.target, into=third, agent=self.cast.ben)

        self.undo(second)
        self.undo(first)

        assert self.texts(self.source.pk) == ["By chat."]
        assert self.texts(self.target.pk) == ["By mail."]
        assert self.texts(third.pk) == ["By phone."]

    def test_the_first_of_two_merges_cannot_be_undone_before_the_second(self) -> None:
        third = make_ticket(self.cast.north, self.cast.dora)
        first = merge(self.source, into=self.target, agent=self.cast.ben)
        merge(self.target, into=third, agent=self.cast.ben)

        with pytest.raises(TicketIsMerged):
            self.undo(first)

    def test_a_merge_is_undone_once(self) -> None:
        done = merge(self.source, into=self.target, agent=self.cast.ben)
        self.undo(done)

        with pytest.raises(CannotMerge):
            self.undo(done)

    def test_after_undoing_it_can_be_merged_again(self) -> None:
        self.undo(merge(self.source, into=self.target, agent=self.cast.ben))

        merge(self.source, into=self.target, agent=self.cast.ben)

        assert self.source.merged_into == self.target

    def test_a_ticket_is_not_merged_into_itself(self) -> None:
        with pytest.raises(CannotMerge):
            merge(self.source, into=self.source, agent=self.cast.ben)

    def test_a_merged_ticket_is_neither_source_nor_target(self) -> None:
        third = make_ticket(self.cast.north, self.cast.dora)
        merge(self.source, into=self.target, agent=self.cast.ben)

        for source, target in ((self.source, third), (third, self.source)):
            with pytest.raises(TicketIsMerged):
                merge(source, into=target, agent=self.cast.ben)

    def test_a_merge_that_is_not_there_is_not_found(self) -> None:
        with pytest.raises(NotFound):
            actions.undo_merge(0, actor=actors.agent(self.cast.ben.pk))

    def test_what_is_said_later_in_the_target_stays_there(self) -> None:
        done = merge(self.source, into=self.target, agent=self.cast.ben)
        receive(self.target, "Thank you.", contact=self.cast.emil)

        self.undo(done)

        assert self.texts(self.target.pk) == ["By mail.", "Thank you."]
