from __future__ import annotations

from tugi.events import actors
from tugi.tickets.actions import change_tags
from tugi.tickets.models import Category, Priority
from tugi.tickets.testing import DeskTest, make_file, make_ticket, note, reply
from tugi.tickets.tests.search.desk import found, index_all


class FiltersTest(DeskTest):
    def setUp(self) -> None:
        cast = self.cast
        self.plain = make_ticket(cast.north, cast.dora, text="A lantern.")
        self.vip = make_ticket(
            cast.north, cast.emil, text="A lantern.", tags=["VIP"], priority=Priority.URGENT, assignee=cast.ben
        )
        self.south = make_ticket(
            cast.south, cast.dora, text="A lantern.", category=Category.PENDING, files=[make_file()]
        )
        reply(self.plain, "Which one?", author=cast.ben)
        note(self.vip, "Careful with this one.", author=cast.ben)
        index_all()

    def check(self, text: str, *tickets: object) -> None:
        numbers = [ticket.number for ticket in tickets]  # type: ignore[attr-defined]
        assert sorted(found(self.cast.ada, text)) == sorted(numbers), text

    def test_each_filter(self) -> None:
        self.check("lantern", self.plain, self.vip, self.south)
        self.check("lantern status:pending", self.south)
        self.check("lantern status:new", self.vip)
        self.check("lantern tag:vip", self.vip)
        self.check("lantern tag:none-such")
        self.check("from:@dora.example lantern", self.plain, self.south)
        self.check("from:emil@emil.example", self.vip)
        self.check("from:EMIL", self.vip)
        self.check("from:@")
        self.check("lantern assignee:none", self.south)
        self.check("lantern assignee:ben", self.plain, self.vip)
        self.check('lantern assignee:"ben north"', self.plain, self.vip)
        self.check("assignee:me")
        self.check("lantern department:south", self.south)
        self.check("lantern has:attachment", self.south)
        self.check("lantern priority:urgent", self.vip)
        self.check("lantern is:unread", self.vip, self.south)
        self.check("is:note", self.vip)
        self.check("is:note careful", self.vip)

    def test_filters_alone_are_a_search(self) -> None:
        self.check("status:pending", self.south)
        self.check("priority:urgent status:new", self.vip)
        self.check("tag:vip tag:vip", self.vip)

    def test_mine(self) -> None:
        assert found(self.cast.ben, "lantern assignee:me") == [self.vip.number, self.plain.number]

    def test_a_tag_is_found_by_its_name_while_it_is_there(self) -> None:
        change_tags(self.vip.pk, remove=["vip"], actor=actors.agent(self.cast.ben.pk))
        index_all()

        self.check("tag:vip")
