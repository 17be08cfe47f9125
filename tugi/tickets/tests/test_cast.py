from __future__ import annotations

from tugi.people.access import access_of
from tugi.people.models import Permission
from tugi.tickets.models import Ticket
from tugi.tickets.testing import DeskTest, assert_events, make_file, make_ticket, merge, note, receive, reply


class CastTest(DeskTest):
    def test_a_wall_stands_between_the_departments(self) -> None:
        ticket = make_ticket(self.cast.south, self.cast.emil)

        seen_by = {
            agent.first_name: Ticket.objects.visible_to(agent).filter(pk=ticket.pk).exists()
            for agent in (self.cast.ada, self.cast.ben, self.cast.cleo, self.cast.leo)
        }

        assert seen_by == {"Ada": True, "Ben": False, "Cleo": True, "Leo": False}

    def test_a_light_agent_may_not_answer(self) -> None:
        assert not access_of(self.cast.leo).anywhere(Permission.REPLY)
        assert access_of(self.cast.leo).in_department(Permission.NOTE, self.cast.north.pk)

    def test_factories_write_legal_histories(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora, files=[make_file()], assignee=self.cast.ben)
        reply(ticket, author=self.cast.ben)
        receive(ticket)
        note(ticket, author=self.cast.leo)

        assert ticket.message_count == 4
        assert_events(
            ticket,
            "ticket.opened",
            "message.received",
            "ticket.assigned",
            "message.reply_written",
            "ticket.status_changed",
            "message.received",
            "message.note_added",
        )

    def test_a_merge_moves_the_messages(self) -> None:
        source = make_ticket(self.cast.north, self.cast.emil)
        target = make_ticket(self.cast.north, self.cast.dora)

        merge(source, into=target, agent=self.cast.ben)

        assert (source.message_count, target.message_count) == (0, 2)
