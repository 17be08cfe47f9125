from __future__ import annotations

from statistics import median
from time import process_time
from typing import Any

from django.test import TestCase
from django.urls import reverse

from tugi.core.testing import HTMX, at
from tugi.events import actors
from tugi.people import actions
from tugi.people.testing import PASSWORD, Cast, make_cast


class AccountTest(TestCase):
    cast: Cast

    @classmethod
    def setUpTestData(cls) -> None:
        cls.cast = make_cast()

    def sign_in(self, email: str = "ben@acme.example", password: str = PASSWORD, **more: str) -> Any:
        return self.client.post(reverse("account_login"), {"login": email, "password": password, **more})

    def is_in(self) -> bool:
        return self.client.get(reverse("people:profile")).status_code == 200


class SignInTest(AccountTest):
    def test_an_agent_signs_in_whatever_the_case_of_the_address(self) -> None:
        answer = self.sign_in("Ben@ACME.example")

        assert answer.status_code == 302
        assert self.is_in()

    def test_a_wrong_password_an_unknown_address_and_a_shut_account_look_the_same(self) -> None:
        actions.deactivate_agent(self.cast.cleo.pk, actor=actors.system("web"))
        tries = [("ben@acme.example", "wrong"), ("nobody@acme.example", PASSWORD), ("cleo@acme.example", PASSWORD)]

        pages = {self._without_tokens(self.sign_in(*each).content.decode(), each[0]) for each in tries}

        assert len(pages) == 1
        assert not self.is_in()

    def test_they_take_the_same_time(self) -> None:
        def seconds(email: str) -> float:
            start = process_time()
            self.sign_in(email, "wrong")
            return process_time() - start

        with self.settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.Argon2PasswordHasher"]):
            self.cast.ben.set_password(PASSWORD)
            self.cast.ben.save()
            known, unknown = (
                median(seconds(f"{who}") for _ in range(7)) for who in ("ben@acme.example", "nobody@acme.example")
            )

        assert 0.5 < known / unknown < 2

    def test_ten_wrong_tries_are_enough_for_a_quarter_of_an_hour(self) -> None:
        with at("2026-11-23T09:00:00+00:00") as clock:
            for _ in range(10):
                self.sign_in(password="wrong")
            assert self.sign_in().status_code == 200
            clock.shift(901)

            assert self.sign_in().status_code == 302

    def test_the_tries_of_one_place_do_not_lock_out_another(self) -> None:
        with at("2026-11-23T09:00:00+00:00"):
            for _ in range(12):
                self.client.post(
                    reverse("account_login"),
                    {"login": "ben@acme.example", "password": "wrong"},
                    REMOTE_ADDR="203.0.113.7",
                )

            assert self.sign_in().status_code == 302

    def test_the_session_has_a_new_key_after_signing_in(self) -> None:
        self.client.get(reverse("account_login"))
        self.client.session["before"] = True
        before = self.client.session.session_key

        self.sign_in()

        assert self.client.session.session_key != before

    def test_where_to_go_next_is_on_our_own_site(self) -> None:
        for there in (
            "//evil.example",
            "/\\evil.example",
            "https:evil.example",
            "javascript:alert(1)",
            "http://evil.example/",
        ):
            answer = self.sign_in(next=there)
            assert answer["Location"] == "/", there
            self.client.post(reverse("account_logout"))

        assert self.sign_in(next="/settings/profile")["Location"] == "/settings/profile"

    def test_signing_out_by_address_asks_first(self) -> None:
        self.sign_in()

        asked = self.client.get(reverse("account_logout"))

        assert asked.status_code == 200
        assert self.is_in()
        self.client.post(reverse("account_logout"))
        assert not self.is_in()

    def test_a_strangers_page_leads_to_signing_in(self) -> None:
        answer = self.client.get(reverse("people:profile"))

        assert answer["Location"] == f"{reverse('account_login')}?next={reverse('people:profile')}"

    def test_a_piece_of_a_page_sends_the_whole_page_to_signing_in(self) -> None:
        answer = self.client.get(reverse("people:profile"), headers=HTMX)

        assert answer.status_code == 401
        assert answer["HX-Redirect"].startswith(reverse("account_login"))

    def test_nobody_signs_up(self) -> None:
        assert self.client.get("/sign-up").status_code in (302, 404)
        assert self.client.get("/accounts/signup/").status_code in (302, 404)

    def _without_tokens(self, page: str, email: str) -> str:
        lines = [line for line in page.splitlines() if "csrf" not in line.lower() and "nonce" not in line]
        return "\n".join(lines).replace(email, "")


class SessionEndTest(AccountTest):
    def test_a_new_password_ends_the_other_sessions_only(self) -> None:
        other = self.client_class()
        other.post(reverse("account_login"), {"login": "ben@acme.example", "password": PASSWORD})
        self.sign_in()

        changed = self.client.post(
            reverse("people:password"), {"current": PASSWORD, "password": "seven green bicycles"}
        )

        assert changed.status_code == 302
        assert self.is_in()
        assert other.get(reverse("people:profile")).status_code == 302

    def test_a_deactivated_agent_is_out_at_once(self) -> None:
        self.sign_in()
        actions.deactivate_agent(self.cast.ben.pk, actor=actors.system("web"))

        assert not self.is_in()
