from __future__ import annotations

from datetime import timedelta
from io import StringIO

from django.core.management import call_command

from tugi.events import actors
from tugi.events.testing import run_consumers
from tugi.people.actions import change_contact
from tugi.people.contact_search import find_contacts
from tugi.tickets import actions
from tugi.tickets.models import Message
from tugi.tickets.models.search import SearchRebuild
from tugi.tickets.search import rebuild, rebuilding, remove
from tugi.tickets.testing import DeskTest, make_ticket, merge, note, receive, reply
from tugi.tickets.tests.search.desk import found, index_all


class ConsumerTest(DeskTest):
    def test_what_is_said_is_found(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora, text="A lantern.")
        receive(ticket, "A candlestick.")
        reply(ticket, "A chandelier.", author=self.cast.ben)
        note(ticket, "A bonfire.", author=self.cast.ben)
        run_consumers()

        for word in ("lantern", "candlestick", "chandelier", "bonfire"):
            assert found(self.cast.ben, word) == [ticket.number], word

    def test_what_is_taken_back_is_not(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora)
        message = reply(ticket, "A chandelier.", author=self.cast.ben, undo_for=timedelta(minutes=5))
        index_all()
        actions.withdraw_reply(message.pk, actor=actors.agent(self.cast.ben.pk))
        run_consumers()

        assert found(self.cast.ben, "chandelier") == []

    def test_a_changed_subject_takes_the_place_of_the_old_one(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora, subject="Lantern")
        run_consumers()
        actions.change_subject(ticket.pk, to="Chandelier", actor=actors.agent(self.cast.ben.pk))
        run_consumers()

        assert found(self.cast.ben, "lantern") == []
        assert found(self.cast.ben, "chandelier") == [ticket.number]

    def test_a_moved_ticket_is_found_by_the_others(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora, text="A lantern.")
        run_consumers()
        actions.move_ticket(ticket.pk, to=self.cast.south, actor=actors.agent(self.cast.ada.pk))
        run_consumers()

        assert found(self.cast.ben, "lantern") == []
        assert found(self.cast.cleo, "lantern") == [ticket.number]

    def test_a_merge_and_its_undoing(self) -> None:
        source = make_ticket(self.cast.north, self.cast.emil, subject="Lantern", text="A candle.")
        target = make_ticket(self.cast.north, self.cast.dora, subject="Chandelier")
        merged = merge(source, into=target, agent=self.cast.ben)
        run_consumers()
        after_merge = found(self.cast.ben, "candle chandelier")
        actions.undo_merge(merged.pk, actor=actors.agent(self.cast.ben.pk))
        run_consumers()

        assert after_merge == [target.number]
        assert found(self.cast.ben, "candle chandelier") == []
        assert found(self.cast.ben, "candle lantern") == [source.number]

    def test_a_contact_is_found_by_the_new_name_where_it_is_known(self) -> None:
        make_ticket(self.cast.north, self.cast.dora, text="A lantern.")
        run_consumers()
        change_contact(self.cast.dora.pk, name="Theodora Palaiologina", actor=actors.agent(self.cast.ben.pk))
        run_consumers()

        assert [found.name for found in find_contacts(self.cast.ben, "palaio")] == ["Theodora Palaiologina"]
        assert find_contacts(self.cast.cleo, "palaio") == []
        assert found(self.cast.ben, "palaiologina lantern") != []


class RebuildTest(DeskTest):
    def setUp(self) -> None:
        self.tickets = [make_ticket(self.cast.north, self.cast.dora, text=f"lantern number{n}") for n in range(5)]

    def test_everything_is_found_afterwards(self) -> None:
        told: list[tuple[int, int]] = []
        read = rebuild(lambda done, total: told.append((done, total)))

        assert read == Message.objects.count()
        assert told[-1][0] <= told[-1][1]
        assert len(found(self.cast.ben, "lantern")) == 5
        assert not SearchRebuild.objects.exists()

    def test_what_is_gone_from_the_tables_goes_from_the_index(self) -> None:
        rebuild()
        remove([Message.objects.latest("id").pk])

        assert len(found(self.cast.ben, "lantern")) == 4

    def test_an_interrupted_rebuilding_goes_on_where_it_was(self) -> None:
        kept, rebuilding.BATCH = rebuilding.BATCH, 2
        try:
            with self.assertRaises(KeyboardInterrupt):
                rebuild(self.interrupt)
            newest_first = found(self.cast.ben, "lantern")
            read = rebuild()
        finally:
            rebuilding.BATCH = kept

        assert newest_first == [self.tickets[4].number, self.tickets[3].number]
        assert read == 3
        assert len(found(self.cast.ben, "lantern")) == 5

    def test_the_command(self) -> None:
        output = StringIO()
        call_command("search_rebuild", afresh=True, stdout=output)

        assert "5 messages" in output.getvalue()

    @staticmethod
    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt
