from __future__ import annotations

from unittest.mock import patch

from django.utils.translation import override

from tugi.tickets.models import Category, Priority
from tugi.tickets.search import count_tickets, parse
from tugi.tickets.search.finding import Count
from tugi.tickets.testing import DeskTest, make_ticket, receive
from tugi.tickets.tests.search.desk import find, found, index_all

FINDING = "tugi.tickets.search.finding"


class PagesTest(DeskTest):
    def test_the_newest_match_comes_first(self) -> None:
        first = make_ticket(self.cast.north, self.cast.dora, text="The lantern is broken.")
        second = make_ticket(self.cast.north, self.cast.emil, text="A lantern, please.")
        receive(first, "The lantern again.")
        index_all()

        assert found(self.cast.ben, "lantern") == [first.number, second.number]

    def test_a_ticket_stands_once_by_its_newest_match(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora, subject="x", text="lantern")
        receive(ticket, "something else")
        newest = receive(ticket, "lantern lantern")
        index_all()

        (hit,) = find(self.cast.ben, '"lantern"').hits
        assert (hit.ticket_id, hit.message_id) == (ticket.pk, newest.pk)

    def test_pages_follow_each_other_without_gap_or_repetition(self) -> None:
        tickets = [
            make_ticket(self.cast.north, self.cast.dora, subject="x", text=f"lantern {number}") for number in range(7)
        ]
        for ticket in (tickets[2], tickets[0], tickets[2]):
            receive(ticket, "lantern once more")
        index_all()

        pages, before = [], None
        while True:
            page = find(self.cast.ben, "lantern", before, limit=2)
            pages.append([hit.ticket_id for hit in page.hits])
            if not page.more:
                break
            before = page.cursor

        in_order = [tickets[number].pk for number in (2, 0, 6, 5, 4, 3, 1)]
        assert [ticket_id for page_ids in pages for ticket_id in page_ids] == in_order
        assert [len(page_ids) for page_ids in pages] == [2, 2, 2, 1]

    def test_subject_and_answer_are_found_together(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora, subject="Broken lantern", text="See the subject.")
        receive(ticket, "It was made in Bohemia.")
        index_all()

        assert found(self.cast.ben, "lantern bohemia") == [ticket.number]

    def test_a_condition_that_leaves_few_tickets_finds_them_among_many_matches(self) -> None:
        wanted = make_ticket(self.cast.north, self.cast.dora, text="lantern", category=Category.PENDING)
        for _number in range(8):
            make_ticket(self.cast.north, self.cast.emil, text="lantern")
        index_all()
        with patch(f"{FINDING}.ROUNDS", (2,)), patch(f"{FINDING}.LATER_ROUNDS", ()):
            page = find(self.cast.ben, "lantern status:pending")

        assert [hit.ticket_id for hit in page.hits] == [wanted.pk]
        assert not page.more

    def test_a_condition_that_leaves_no_ticket_ends_the_search(self) -> None:
        for _number in range(3):
            make_ticket(self.cast.north, self.cast.emil, text="lantern")
        index_all()
        with patch(f"{FINDING}.ROUNDS", (2,)), patch(f"{FINDING}.LATER_ROUNDS", ()):
            page = find(self.cast.ben, "lantern status:pending")

        assert (page.hits, page.more) == ((), False)

    def test_a_search_that_has_not_come_far_enough_says_so_and_goes_on(self) -> None:
        wanted = make_ticket(self.cast.north, self.cast.dora, text="lantern", priority=Priority.URGENT)
        for _number in range(6):
            make_ticket(self.cast.north, self.cast.emil, text="lantern")
        index_all()
        with (
            patch(f"{FINDING}.ROUNDS", (4,)),
            patch(f"{FINDING}.LATER_ROUNDS", ()),
            patch("tugi.tickets.search.walks.FEW_TICKETS", 0),
        ):
            first = find(self.cast.ben, "lantern priority:urgent")
            second = find(self.cast.ben, "lantern priority:urgent", first.cursor)

        assert (first.hits, first.more) == ((), True)
        assert [hit.ticket_id for hit in second.hits] == [wanted.pk]

    def test_counts_are_exact_and_then_capped(self) -> None:
        for _number in range(3):
            make_ticket(self.cast.north, self.cast.dora, text="lantern")
        index_all()

        assert count_tickets(self.cast.ben, parse("lantern")) == Count(3)
        assert count_tickets(self.cast.ben, parse("")) == Count(0)
        with override("en"):
            assert str(Count(1000, is_capped=True)) == "1,000+"

    def test_an_empty_index_finds_nothing(self) -> None:
        page = find(self.cast.ada, "lantern")

        assert (page.hits, page.more) == ((), False)
