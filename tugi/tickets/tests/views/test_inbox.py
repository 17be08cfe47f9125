from __future__ import annotations

from tugi.core.testing import HTMX, assert_fragment, most_queries
from tugi.tickets.models import Category
from tugi.tickets.testing import DeskTest, make_ticket, receive


class InboxPageTest(DeskTest):
    def test_strangers_are_led_to_the_sign_in_and_back(self) -> None:
        answer = self.client.get("/tickets/?view=open")

        assert answer.status_code == 302
        assert "next=/tickets/%3Fview%3Dopen" in answer["Location"]

    def test_the_start_leads_to_the_inbox(self) -> None:
        self.sign_in(self.cast.ben)

        self.assertRedirects(self.client.get("/"), "/tickets/")

    def test_a_list_shows_rows_views_and_departments(self) -> None:
        make_ticket(self.cast.north, self.cast.dora, subject="Till is dead", assignee=self.cast.ben, tags=["pos"])
        self.sign_in(self.cast.ben)

        answer = self.client.get("/tickets/?view=mine")

        for text in ("Till is dead", "Dora Customer", "Unassigned", "North", "pos", "Mine"):
            self.assertContains(answer, text)
        self.assertNotContains(answer, "South")

    def test_each_view_answers_empty_with_a_first_step(self) -> None:
        self.sign_in(self.cast.ben)
        for view in ("mine", "unassigned", "open", "waiting", "resolved"):
            answer = self.client.get(f"/tickets/?view={view}")

            self.assertContains(answer, "empty__title")

    def test_htmx_gets_the_list_column(self) -> None:
        make_ticket(self.cast.north, self.cast.dora)
        self.sign_in(self.cast.ben)

        answer = self.client.get("/tickets/?view=open", headers=HTMX | {"HX-Target": "section#desk-list"})

        text = assert_fragment(answer, "ticket-list")
        assert 'hx-target="#desk-views"' in text

    def test_htmx_gets_the_next_rows(self) -> None:
        made = [make_ticket(self.cast.north, self.cast.dora) for _ in range(3)]
        cursor = f"{int(made[1].active_at.timestamp() * 1_000_000)}-{made[1].pk}"
        self.sign_in(self.cast.ben)

        answer = self.client.get(f"/tickets/?view=open&before={cursor}", headers=HTMX | {"HX-Target": "div#list-more"})

        text = assert_fragment(answer, f"row-{made[0].number}")
        assert f"row-{made[1].number}" not in text

    def test_a_live_refresh_brings_rows_and_counts(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora)
        self.sign_in(self.cast.ben)

        answer = self.client.get("/tickets/?view=open", headers=HTMX | {"HX-Target": "ticket-list#ticket-list"})

        text = assert_fragment(answer, f"row-{ticket.number}")
        assert 'hx-target="#list-rows" hx-swap="innerMorph"' in text

    def test_the_list_beside_a_ticket_leaves_the_ticket_alone(self) -> None:
        make_ticket(self.cast.north, self.cast.dora, assignee=self.cast.ben)
        self.sign_in(self.cast.ben)

        text = assert_fragment(self.client.get("/tickets/beside?view=mine", headers=HTMX), "ticket-list")

        assert '#main"' in text
        assert 'hx-partial hx-target="#main"' not in text

    def test_a_page_takes_at_most_six_queries_with_the_session(self) -> None:
        for number in range(5):
            category = Category.PENDING if number % 2 else None
            make_ticket(self.cast.north, self.cast.dora, tags=["vip"], category=category)
        for agent in (self.cast.ben, self.cast.ada):
            self.sign_in(agent)
            for path in (
                "/tickets/?view=mine",
                "/tickets/?view=open",
                "/tickets/?view=unassigned",
                "/tickets/?view=waiting",
            ):
                with most_queries(6):
                    assert self.client.get(path).status_code == 200

    def test_another_departments_list_is_not_there(self) -> None:
        self.sign_in(self.cast.ben)

        assert self.client.get(f"/tickets/department/{self.cast.north.pk}/").status_code == 200
        assert self.client.get(f"/tickets/department/{self.cast.south.pk}/").status_code == 404
        assert self.client.get("/tickets/department/999999999999999999/").status_code == 404
        assert self.client.get(f"/tickets/?view=department-{self.cast.south.pk}").status_code == 404

    def test_canaries_of_another_department_are_nowhere(self) -> None:
        hidden = make_ticket(
            self.cast.south, self.cast.emil, subject="Canary subject", text="Canary text", tags=["canary-tag"]
        )
        receive(hidden, "Canary again")
        self.sign_in(self.cast.ben)
        for path in ("/tickets/", "/tickets/?view=open", "/tickets/?view=unassigned", "/tickets/search?q=canary"):
            text = self.client.get(path).content.decode()

            assert "Emil" not in text
            assert "Canary" not in text
            assert "canary-tag" not in text

    def test_strange_keys_change_nothing(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora)
        self.sign_in(self.cast.ben)
        for strange in (
            "sort=assignee__password",
            "order_by=contact__name",
            "_connector=OR",
            "_negated=1",
            "pk__in=1",
            "before=x__password",
            "view=assignee__email__regex",
        ):
            answer = self.client.get(
                f"/tickets/?view=open&{strange}" if "view" not in strange else f"/tickets/?{strange}"
            )

            assert answer.status_code == 200
            if "view" not in strange:
                self.assertContains(answer, f"#{ticket.number}")

    def test_lists_are_only_read(self) -> None:
        self.sign_in(self.cast.ben)
        for path in ("/tickets/", f"/tickets/department/{self.cast.north.pk}/", "/tickets/beside", "/tickets/search"):
            assert self.client.post(path).status_code == 405
