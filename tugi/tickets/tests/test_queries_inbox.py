from __future__ import annotations

import pytest

from tugi.core.errors import NotFound
from tugi.core.testing import most_queries
from tugi.people import roles
from tugi.people.models import Agent
from tugi.people.testing import grant_role, make_agent
from tugi.tickets.models import Category
from tugi.tickets.queries import Cursor, ViewName, inbox_page, sidebar, view_named
from tugi.tickets.testing import DeskTest, make_ticket, receive, reply


class InboxTest(DeskTest):
    def numbers(self, agent: Agent, view: str, **wanted: object) -> list[int]:
        page = inbox_page(agent, view_named(agent, view), **wanted)  # type: ignore[arg-type]
        return [row.number for row in page.rows]

    def both(self) -> Agent:
        """An agent of two departments, not of the desk."""
        agent = make_agent("Nina Both", department=self.cast.north)
        grant_role(agent, roles.AGENT, self.cast.south)
        return agent

    def test_newest_activity_comes_first(self) -> None:
        first = make_ticket(self.cast.north, self.cast.dora)
        second = make_ticket(self.cast.north, self.cast.emil)
        receive(first)

        assert self.numbers(self.cast.ben, "open") == [first.number, second.number]

    def test_each_view_has_its_own(self) -> None:
        mine = make_ticket(self.cast.north, self.cast.dora, assignee=self.cast.ben)
        free = make_ticket(self.cast.north, self.cast.dora)
        waiting = make_ticket(self.cast.north, self.cast.dora, category=Category.PENDING)
        done = make_ticket(self.cast.north, self.cast.dora, category=Category.RESOLVED)

        for agent in (self.cast.ben, self.both()):
            assert self.numbers(agent, "open") == [free.number, mine.number]
            assert self.numbers(agent, "unassigned") == [free.number]
            assert self.numbers(agent, "waiting") == [waiting.number]
            assert self.numbers(agent, "resolved") == [done.number]
        assert self.numbers(self.cast.ben, "mine") == [mine.number]
        assert self.numbers(self.cast.ada, "unassigned") == [free.number]

    def test_departments_are_joined_in_one_order(self) -> None:
        made = [
            make_ticket(department, self.cast.dora)
            for department in (self.cast.north, self.cast.south, self.cast.north, self.cast.south)
        ]
        agent = self.both()

        assert self.numbers(agent, "open") == [ticket.number for ticket in reversed(made)]
        assert self.numbers(agent, f"department-{self.cast.south.pk}") == [made[3].number, made[1].number]

    def test_the_wall_holds_in_every_view(self) -> None:
        ticket = make_ticket(self.cast.south, self.cast.dora, assignee=self.cast.cleo)

        for view in ("mine", "unassigned", "open", "waiting", "resolved"):
            assert ticket.number not in self.numbers(self.cast.ben, view)
        with pytest.raises(NotFound):
            view_named(self.cast.ben, f"department-{self.cast.south.pk}")

    def test_a_department_is_named_by_plain_digits(self) -> None:
        arabic = str(self.cast.north.pk).translate({ord("0") + digit: 0x660 + digit for digit in range(10)})

        assert view_named(self.cast.ben, f"department-{self.cast.north.pk}").name == "department"
        assert view_named(self.cast.ben, f"department-{arabic}").name == "mine"

    def test_pages_follow_each_other_without_gap_or_repeat(self) -> None:
        made = [make_ticket(self.cast.north, self.cast.dora) for _ in range(5)]
        for agent in (self.cast.ben, self.both(), self.cast.ada):
            view = view_named(agent, "open")
            seen: list[int] = []
            page = inbox_page(agent, view, limit=2)
            while page.rows:
                seen += [row.number for row in page.rows]
                page = (
                    inbox_page(agent, view, page.next, limit=2)
                    if page.next
                    else inbox_page(agent, view, Cursor.read("0-0"))
                )

            assert seen == [ticket.number for ticket in reversed(made)]

    def test_tickets_of_the_same_instant_are_told_apart(self) -> None:
        made = [make_ticket(self.cast.north, self.cast.dora) for _ in range(4)]
        type(made[0]).objects.update(active_at=made[0].active_at)
        view = view_named(self.cast.ben, "open")

        first = inbox_page(self.cast.ben, view, limit=2)
        second = inbox_page(self.cast.ben, view, first.next, limit=2)

        assert [row.id for row in first.rows + second.rows] == [ticket.pk for ticket in reversed(made)]
        assert second.next is None

    def test_a_list_is_read_again_down_to_a_row(self) -> None:
        made = [make_ticket(self.cast.north, self.cast.dora) for _ in range(4)]
        view = view_named(self.cast.ben, "open")
        shown = inbox_page(self.cast.ben, view, limit=2)
        make_ticket(self.cast.north, self.cast.emil)

        page = inbox_page(self.cast.ben, view, down_to=shown.rows[-1].cursor)

        assert len(page.rows) == 3
        assert page.rows[-1].number == made[2].number

    def test_a_row_says_what_a_list_shows(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora, tags=["vip", "pos"], assignee=self.cast.ben)
        reply(ticket, "On it.", author=self.cast.ben)

        row = inbox_page(self.cast.ben, view_named(self.cast.ben, "mine")).rows[0]

        assert (row.contact, row.subject, row.snippet) == ("Dora Customer", "Cannot sign in", "On it.")
        assert (row.assignee, row.department, row.status) == ("Ben North", "North", "Open")
        assert row.tags == ("pos", "vip")
        assert row.is_answered
        assert not row.is_unread

    def test_a_page_takes_one_query_however_many_rows(self) -> None:
        for _ in range(6):
            make_ticket(self.cast.north, self.cast.dora, tags=["vip"], assignee=self.cast.ben)
        agent = self.both()
        view_named(agent, "open").key, sidebar(agent)

        for name in ("open", "unassigned", "waiting"):
            with most_queries(1):
                inbox_page(agent, view_named(agent, name))

    def test_nonsense_in_an_address_is_no_cursor(self) -> None:
        for text in ("", "1", "x-1", "1-1;drop", "9" * 40 + "-1", "-1-2", "1-1\n"):
            assert Cursor.read(text) is None

    def test_a_cursor_survives_an_address(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora)
        cursor = Cursor(ticket.active_at, ticket.pk)

        assert Cursor.read(str(cursor)) == cursor


class SidebarTest(DeskTest):
    def test_counts_are_of_what_the_agent_sees(self) -> None:
        make_ticket(self.cast.north, self.cast.dora, assignee=self.cast.ben)
        make_ticket(self.cast.north, self.cast.dora)
        make_ticket(self.cast.north, self.cast.dora, category=Category.PENDING)
        make_ticket(self.cast.south, self.cast.emil)

        with most_queries(2):
            seen = sidebar(self.cast.ben)

        assert seen.counts == {"open": 2, "unassigned": 1, "waiting": 1, "mine": 1}
        assert [(each.name, each.open) for each in seen.departments] == [("North", 2)]
        assert sidebar(self.cast.ada).counts[ViewName.OPEN] == 3
