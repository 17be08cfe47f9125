"""C5: what lies behind the wall is neither found, nor offered, nor counted: pages look as if it were not there."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from tests.security.asking import plain
from tests.security.sides import Side, make_side
from tests.stories.live_server import sign_in
from tugi.core import clock
from tugi.core.testing import HTMX, at
from tugi.events import actors
from tugi.events.testing import run_consumers
from tugi.live import log
from tugi.live.viewers import viewer_of
from tugi.people.contact_search import find_contacts
from tugi.people.models import Agent, Contact
from tugi.people.testing import make_contact
from tugi.tickets import actions
from tugi.tickets.search import count_tickets, parse
from tugi.tickets.testing import DeskTest, make_ticket, merge

VIEWS = ("mine", "unassigned", "open", "waiting", "resolved")
WORDS = (
    "faraway", "faraway*", "farawaysubject", "farawayopening", "farawayquestion", "farawayanswer", "farawaynote",
    "Zelda", "farawaypaper.txt", "farawayabsorbedtext", "tag:farawaytag", "from:zelda", "from:zelda@faraway.example",
    "is:note", "from:@faraway.example", "has:attachment", "is:unread", "status:open", "status:new", "assignee:cleo",
    "assignee:none",
    "department:south", "department:o", '"We are looking"', "priority:normal", "sign", "nearby*",
)  # fmt: skip


class CanaryTest(DeskTest):
    near: Side

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.near = make_side("nearby", cls.cast.north, cls.cast.dora, cls.cast.ben)
        run_consumers()

    def add_far_side(self) -> Side:
        """A contact, a ticket and all that belongs to it, in South; Dora writes there too."""
        zelda = make_contact("Zelda Faraway", "zelda@faraway.example", organisation="Faraway Ltd")
        side = make_side("faraway", self.cast.south, zelda, self.cast.cleo)
        make_ticket(
            self.cast.south, self.cast.dora, subject="faraway of Dora's", text="farawaytext", tags=["nearbytag"]
        )
        run_consumers()
        return side

    def test_every_page_is_as_if_it_were_not_there(self) -> None:
        """Dora's other ticket, in South, changes no count, no list, no search, no picker, no proposal to merge."""
        with at(clock.now() + timedelta(minutes=1)):
            before = self.pages(self.cast.ben)
            self.add_far_side()
            after = self.pages(self.cast.ben)

        for asked, page in after.items():
            assert page == before[asked], asked
            assert "faraway" in asked[1] or "faraway" not in page, asked

    def test_the_same_pages_do_show_it_to_who_may_see_it(self) -> None:
        """Else the test above would prove nothing."""
        before = self.pages(self.cast.ada)
        self.add_far_side()
        after = self.pages(self.cast.ada)

        assert sum(after[asked] != before[asked] for asked in after) > len(after) // 2

    def test_a_light_agent_and_one_without_roles_see_no_more(self) -> None:
        self.add_far_side()
        for agent in (self.cast.leo, self.without_roles()):
            self.sign_in(agent)
            for view in VIEWS:
                for name in ("inbox", "inbox-beside"):
                    assert "faraway" not in plain(self.client.get(reverse(name), {"view": view}))

    def test_pickers_and_counts_of_finds_stop_at_the_wall(self) -> None:
        side = self.add_far_side()
        ben, cleo = self.cast.ben, self.cast.cleo

        for typed in ("zelda", "Zelda Faraway", "zelda@", "faraway", "zelad"):
            assert find_contacts(ben, typed) == [], typed
            assert find_contacts(cleo, typed), typed
        for words in WORDS[:10]:
            assert count_tickets(ben, parse(words)).number == 0, words
        assert count_tickets(cleo, parse("farawaysubject")).number >= 1
        assert Contact.objects.filter(pk=side.ticket.contact_id).exists()

    def test_no_pointer_tells_of_it(self) -> None:
        """C6.5 as numbers: nothing of what happened in South is told to a browser in North."""
        last = log.head()
        self.add_far_side()
        happened = log.read(last)
        ben, cleo = viewer_of(sign_in(self.cast.ben)), viewer_of(sign_in(self.cast.cleo))

        assert ben and cleo and len(happened) > 10
        assert not any(each.is_told_to(ben) or each.is_seen_by(ben) for each in happened)
        assert sum(each.is_told_to(cleo) for each in happened) > 10

    def test_what_happened_to_a_ticket_names_nothing_of_another(self) -> None:
        """The near ticket's page may tell numbers of tickets that it met, and no word of them."""
        side = self.add_far_side()
        merged = merge(side.ticket, into=self.near.ticket, agent=self.cast.ada)
        actions.undo_merge(merged.pk, actor=actors.agent(self.cast.ada.pk))
        self.sign_in(self.cast.ben)

        assert "faraway" not in plain(self.client.get(reverse("ticket", args=[self.near.ticket.number])))

    def pages(self, agent: Agent) -> dict[tuple[str, str], str]:
        """All that this agent can ask of lists, searches and proposals."""
        self.sign_in(agent)
        number = self.near.ticket.number
        asked = [("inbox", {"view": view}) for view in VIEWS]
        asked += [("inbox-beside", {"view": view}) for view in VIEWS]
        asked += [("inbox", {"view": f"department-{self.cast.north.pk}"})]
        asked += [("ticket-search", {"q": words}) for words in WORDS]
        found = {(name, next(iter(query.values()))): self.page(reverse(name), query) for name, query in asked}
        for name in ("ticket", "ticket-merge", "ticket-assignment", "ticket-department", "ticket-older"):
            found[name, ""] = self.page(reverse(name, args=[number]), {})
        for words in (*WORDS[:9], "1005", "1006", "1007"):
            found["ticket-merge", words] = self.page(reverse("ticket-merge", args=[number]), {"q": words})
        return found

    def page(self, there: str, query: dict[str, str]) -> str:
        answer = self.client.get(there, query, headers=HTMX if "beside" in there else {})
        assert answer.status_code in (200, 302), there
        return plain(answer)

    @staticmethod
    def without_roles() -> Agent:
        return Agent.objects.create(name="Nils Nobody", email="nils@acme.example", joined_at="2026-11-01T00:00:00Z")
