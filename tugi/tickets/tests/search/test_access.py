"""The wall in the search (SECURITY C5.1): what stands beyond it answers like what is not there."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tugi.events import actors
from tugi.people.models import Agent
from tugi.tickets.actions import move_ticket
from tugi.tickets.search import count_tickets, parse
from tugi.tickets.search.index import engine
from tugi.tickets.search.plans import plan
from tugi.tickets.testing import DeskTest, make_contact, make_file, make_ticket, note
from tugi.tickets.tests.search.desk import find, found, index_all

CANARIES = ("zubrowkan", "kvetinar", "plimsollia", "ornithor", "quagmirea", "velocipe")
QUERIES = (
    *CANARIES,
    "zubrow*",
    '"zubrowkan handover"',
    "tag:quagmirea",
    "from:velocipe",
    "from:@velocipe.example",
    "from:canary@velocipe.example",
    "department:south",
    "department:south is:note",
    "has:attachment",
    "is:note",
    "_d2 handover",
    "d2 handover",
)


class WallTest(DeskTest):
    def setUp(self) -> None:
        own = make_ticket(self.cast.north, self.cast.dora, subject="Own ticket", text="Nothing secret here.")
        contact = make_contact("Velocipe Canary", "canary@velocipe.example")
        self.secret = make_ticket(
            self.cast.south,
            contact,
            subject="zubrowkan handover",
            text="The word is kvetinar.",
            tags=["quagmirea"],
            files=[make_file("ornithor.txt")],
        )
        note(self.secret, "Internal: plimsollia.", author=self.cast.cleo)
        index_all()
        self.own = own

    def test_those_inside_find_it_by_each_word(self) -> None:
        for agent in (self.cast.cleo, self.cast.ada):
            for word in CANARIES:
                assert found(agent, word) == [self.secret.number], word

    def test_those_outside_find_nothing_by_any_road(self) -> None:
        for agent in (self.cast.ben, self.cast.leo):
            for text in QUERIES:
                page = find(agent, text)
                assert (page.hits, page.more, page.jump) == ((), False, None), text
                assert str(count_tickets(agent, parse(text))) == "0", text

    def test_its_number_is_no_jump_for_those_outside(self) -> None:
        text = f"#{self.secret.number}"

        assert find(self.cast.ben, text).jump is None
        assert find(self.cast.cleo, text).jump == self.secret.pk

    def test_hints_are_the_same_as_if_it_were_not_there(self) -> None:
        assert find(self.cast.ben, "department:south").hints == find(self.cast.ben, "department:nowhere").hints
        assert find(self.cast.ben, "tag:quagmirea").hints == find(self.cast.ben, "tag:nothing").hints

    def test_the_index_itself_holds_the_wall(self) -> None:
        asked = plan(parse("zubrowkan"), self.cast.ben)

        assert engine().newest(asked.expression, before=None, limit=10) == []

    def test_the_tables_hold_it_where_the_index_is_behind(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.emil, subject="Moving", text="handlebars")
        index_all()
        move_ticket(ticket.pk, to=self.cast.south, actor=actors.agent(self.cast.ada.pk))

        assert found(self.cast.ben, "handlebars") == []

    def test_an_agent_without_any_department_finds_nothing_and_asks_nothing(self) -> None:
        stranger = Agent.objects.create(name="Sam", email="sam@acme.example", joined_at="2026-01-01T00:00Z")

        with CaptureQueriesContext(connection) as seen:
            page = find(stranger, "secret")

        assert page.hits == ()
        assert not any("searchdocument" in query["sql"] for query in seen.captured_queries)

    def test_mine_is_found_all_the_same(self) -> None:
        assert found(self.cast.ben, "secret") == [self.own.number]
