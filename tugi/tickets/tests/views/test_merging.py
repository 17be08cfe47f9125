from __future__ import annotations

from tugi.core.testing import HTMX, assert_fragment
from tugi.tickets.models import Merge, Message, Ticket
from tugi.tickets.testing import DeskTest, make_ticket, merge


class MergingTest(DeskTest):
    def setUp(self) -> None:
        self.source = make_ticket(self.cast.north, self.cast.dora, subject="The same again")
        self.target = make_ticket(self.cast.north, self.cast.dora, subject="The first one")
        self.hidden = make_ticket(self.cast.south, self.cast.dora, subject="Canary of the south")
        self.path = f"/tickets/{self.source.number}/merge"
        self.sign_in(self.cast.ben)

    def test_the_customers_other_tickets_are_offered_first(self) -> None:
        answer = self.client.get(self.path, headers=HTMX | {"HX-Target": "div#merge-body"})

        text = assert_fragment(answer, "merge-found")
        assert "The first one" in text
        assert "Canary" not in text

    def test_a_ticket_is_found_by_its_number(self) -> None:
        other = make_ticket(self.cast.north, self.cast.emil, subject="Somebody else's")
        headers = HTMX | {"HX-Target": "div#merge-found"}

        for query in (str(other.number), f"%23{other.number}"):
            self.assertContains(self.client.get(f"{self.path}?q={query}", headers=headers), "Somebody else")
        for query in (str(self.hidden.number), str(self.source.number), "9" * 30):
            self.assertContains(self.client.get(f"{self.path}?q={query}", headers=headers), "No ticket")

    def test_merging_leads_to_the_ticket_that_stays(self) -> None:
        answer = self.client.post(self.path, {"into": self.target.number}, headers=HTMX)

        assert answer["HX-Redirect"] == f"/tickets/{self.target.number}"
        assert Message.objects.filter(ticket=self.target).count() == 2
        self.assertContains(self.client.get(f"/tickets/{self.target.number}"), "/undo")

    def test_without_htmx_it_is_a_page(self) -> None:
        self.assertContains(self.client.get(self.path), "<html")

        answer = self.client.post(self.path, {"into": self.target.number})

        self.assertRedirects(answer, f"/tickets/{self.target.number}", fetch_redirect_response=False)

    def test_a_merge_is_undone_from_the_ticket(self) -> None:
        merged = merge(self.source, into=self.target, agent=self.cast.ben)

        answer = self.client.post(f"/tickets/{self.target.number}/merges/{merged.pk}/undo", headers=HTMX)

        text = assert_fragment(answer, "ticket-head")
        assert f"#{self.source.number} is a ticket again" in text
        assert "/undo" not in text
        assert Message.objects.filter(ticket=self.source).count() == 1

    def test_a_merge_is_undone_once_and_only_where_it_went(self) -> None:
        merged = merge(self.source, into=self.target, agent=self.cast.ben)
        other = make_ticket(self.cast.north, self.cast.emil)

        assert self.client.post(f"/tickets/{other.number}/merges/{merged.pk}/undo").status_code == 404
        self.client.post(f"/tickets/{self.target.number}/merges/{merged.pk}/undo")
        again = self.client.post(f"/tickets/{self.target.number}/merges/{merged.pk}/undo", headers=HTMX)

        assert again.status_code == 409

    def test_nothing_goes_through_the_wall(self) -> None:
        assert self.client.post(self.path, {"into": self.hidden.number}).status_code == 404
        assert self.client.post(f"/tickets/{self.hidden.number}/merge", {"into": self.target.number}).status_code == 404
        for agent in (self.cast.cleo, self.cast.leo):
            self.sign_in(agent)
            assert self.client.get(self.path).status_code == 404
            assert self.client.post(self.path, {"into": self.target.number}).status_code == 404
        assert not Merge.objects.exists()

    def test_a_ticket_does_not_go_into_itself(self) -> None:
        answer = self.client.post(self.path, {"into": self.source.number}, headers=HTMX)

        assert answer.status_code == 409
        assert Ticket.objects.get(pk=self.source.pk).merged_into is None

    def test_reading_undoes_nothing(self) -> None:
        merged = merge(self.source, into=self.target, agent=self.cast.ben)

        assert self.client.get(f"/tickets/{self.target.number}/merges/{merged.pk}/undo").status_code == 405
        assert Merge.objects.get().undone_at is None
