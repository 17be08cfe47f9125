from __future__ import annotations

from django.test import TestCase
from django.urls import reverse

from tugi.core.testing import at
from tugi.events import actors
from tugi.people import actions, roles
from tugi.people.access import access_of
from tugi.people.models import AccountLink, Agent, Department, Permission
from tugi.people.testing import PASSWORD, Cast, make_cast

GOOD = "seven green bicycles"


class PageTest(TestCase):
    cast: Cast

    @classmethod
    def setUpTestData(cls) -> None:
        cls.cast = make_cast()

    def as_(self, agent: Agent) -> None:
        self.client.force_login(agent)


class ProfileTest(PageTest):
    def test_an_agent_changes_language_and_time_zone(self) -> None:
        self.as_(self.cast.ben)

        self.client.post(
            reverse("people:profile"),
            {"name": "Ben", "language": "et", "time_zone": "Europe/Tallinn", "density": "compact", "signature": "B."},
        )

        ben = Agent.objects.get(id=self.cast.ben.pk)
        assert (ben.language, ben.time_zone, ben.density, ben.signature) == ("et", "Europe/Tallinn", "compact", "B.")

    def test_other_fields_cannot_be_slipped_in(self) -> None:
        self.as_(self.cast.ben)
        before = Agent.objects.filter(id=self.cast.ben.pk).values("email", "is_active", "password").get()

        self.client.post(
            reverse("people:profile"),
            {"name": "Ben", "language": "en", "time_zone": "UTC", "density": "compact", "email": "x@evil.example",
             "is_active": "", "password": "x", "role_desk": roles.ADMIN},
        )  # fmt: skip

        assert Agent.objects.filter(id=self.cast.ben.pk).values("email", "is_active", "password").get() == before
        assert not access_of(Agent.objects.get(id=self.cast.ben.pk)).anywhere(Permission.MANAGE_PEOPLE)

    def test_a_zone_that_is_none_is_refused(self) -> None:
        self.as_(self.cast.ben)

        answer = self.client.post(
            reverse("people:profile"), {"name": "B", "language": "en", "time_zone": "../etc", "density": "compact"}
        )

        assert answer.status_code == 422

    def test_a_new_password_needs_the_present_one(self) -> None:
        self.as_(self.cast.ben)

        answer = self.client.post(reverse("people:password"), {"current": "wrong", "password": GOOD})

        assert answer.status_code == 422
        assert Agent.objects.get(id=self.cast.ben.pk).check_password(PASSWORD)

    def test_the_theme_is_remembered_and_nonsense_is_not(self) -> None:
        self.as_(self.cast.ben)

        assert self.client.post(reverse("people:preferences"), {"theme": "dark"}).status_code == 204
        assert self.client.post(reverse("people:preferences"), {"theme": "pink"}).status_code == 422
        assert Agent.objects.get(id=self.cast.ben.pk).theme == "dark"


class AgentsPageTest(PageTest):
    def test_an_administrator_adds_an_agent_and_gets_a_link_to_hand_over(self) -> None:
        self.as_(self.cast.ada)

        answer = self.client.post(
            reverse("people:agent-new"),
            {"name": "Nora", "email": "nora@acme.example", f"role_{self.cast.north.pk}": roles.AGENT},
        )

        nora = Agent.objects.get(email="nora@acme.example")
        assert access_of(nora).departments_for(Permission.REPLY) == frozenset({self.cast.north.pk})
        assert b"/account/" in answer.content

    def test_an_agent_without_any_role_is_not_added(self) -> None:
        self.as_(self.cast.ada)

        answer = self.client.post(reverse("people:agent-new"), {"name": "Nora", "email": "nora@acme.example"})

        assert answer.status_code == 422
        assert b"at least one role" in answer.content
        assert not Agent.objects.filter(email="nora@acme.example").exists()

    def test_a_taken_address_is_said_at_the_field(self) -> None:
        self.as_(self.cast.ada)

        answer = self.client.post(
            reverse("people:agent-new"), {"name": "Ada", "email": "ADA@acme.example", "role_desk": roles.AGENT}
        )

        assert answer.status_code == 422
        assert b"already an agent" in answer.content

    def test_roles_change_and_the_agent_list_shows_them(self) -> None:
        self.as_(self.cast.ada)

        self.client.post(reverse("people:agent", args=[self.cast.ben.pk]), {"role_desk": roles.LEAD})

        assert b"Lead" in self.client.get(reverse("people:agents")).content

    def test_a_role_in_a_shut_department_stays_when_others_change(self) -> None:
        Department.objects.filter(id=self.cast.north.pk).update(is_active=False)
        self.as_(self.cast.ada)
        page = self.client.get(reverse("people:agent", args=[self.cast.ben.pk]))
        north, south = f"role_{self.cast.north.pk}", f"role_{self.cast.south.pk}"

        self.client.post(
            reverse("people:agent", args=[self.cast.ben.pk]), {north: roles.AGENT, south: roles.LIGHT_AGENT}
        )

        assert north.encode() in page.content
        access = access_of(Agent.objects.get(id=self.cast.ben.pk))
        assert access.departments_for(Permission.NOTE) == frozenset({self.cast.north.pk, self.cast.south.pk})

    def test_the_last_administrator_cannot_step_back(self) -> None:
        self.as_(self.cast.ada)

        answer = self.client.post(reverse("people:agent", args=[self.cast.ada.pk]), {"role_desk": roles.AGENT})

        assert answer.status_code == 409

    def test_for_other_agents_these_pages_are_not_there(self) -> None:
        for agent in (self.cast.ben, self.cast.leo):
            self.as_(agent)
            for address in ("agents", "agent-new", "departments", "department-new"):
                assert self.client.get(reverse(f"people:{address}")).status_code == 404
            taken = self.client.post(reverse("people:agent-link", args=[self.cast.ada.pk]))
            assert taken.status_code == 404


class LinkTest(PageTest):
    def setUp(self) -> None:
        self.nora = actions.add_agent(email="nora@acme.example", name="Nora", actor=actors.system("web"))
        self.key = actions.make_account_link(self.nora.pk, actor=actors.system("web"))
        self.address = reverse("people:first-password", args=[self.key])

    def test_the_link_sets_a_password_once_and_signs_in(self) -> None:
        assert self.client.get(self.address).status_code == 200

        answer = self.client.post(self.address, {"password": GOOD})

        assert answer.status_code == 302
        assert self.client.get(reverse("people:profile")).status_code == 200
        assert self.client_class().post(self.address, {"password": GOOD}).status_code == 404

    def test_looking_at_it_does_not_use_it(self) -> None:
        for _ in range(3):
            assert self.client.get(self.address).status_code == 200

        assert AccountLink.objects.count() == 1

    def test_a_later_link_ends_the_earlier_one(self) -> None:
        actions.make_account_link(self.nora.pk, actor=actors.system("web"))

        assert self.client.get(self.address).status_code == 404

    def test_it_ends_after_three_days(self) -> None:
        with at("2027-01-01T00:00:00+00:00"):
            assert self.client.get(self.address).status_code == 404

    def test_a_link_to_choose_another_password_ends_within_the_hour(self) -> None:
        with at("2026-11-23T09:00:00+00:00") as clock:
            key = actions.make_account_link(self.cast.ben.pk, actor=actors.system("web"))
            clock.shift(3601)

            assert self.client.get(reverse("people:first-password", args=[key])).status_code == 404

    def test_cut_changed_and_empty_keys_open_nothing(self) -> None:
        for key in (self.key[:-1], self.key.swapcase(), f"{self.key}x", "%20", "0"):
            assert self.client.get(reverse("people:first-password", args=[key])).status_code == 404

    def test_a_weak_password_is_refused_and_the_link_lives(self) -> None:
        assert self.client.post(self.address, {"password": "short"}).status_code == 422
        assert self.client.get(self.address).status_code == 200


class DepartmentsPageTest(PageTest):
    def test_an_administrator_adds_and_renames_a_department(self) -> None:
        self.as_(self.cast.ada)

        self.client.post(reverse("people:department-new"), {"name": "West", "head": self.cast.ben.pk})
        west = Department.objects.get(name="West")
        self.client.post(reverse("people:department", args=[west.pk]), {"name": "Far west", "is_active": "on"})

        west.refresh_from_db()
        assert (west.name, west.head) == ("Far west", None)

    def test_a_taken_name_is_said_at_the_field(self) -> None:
        self.as_(self.cast.ada)

        answer = self.client.post(reverse("people:department-new"), {"name": "north"})

        assert answer.status_code == 422
