"""The first run: one key on the console opens one page, once."""

from __future__ import annotations

import threading
from http import HTTPStatus
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, TestCase, TransactionTestCase

from tugi.channels.email.models import Mailbox
from tugi.core import clock
from tugi.core.models import DeskSettings
from tugi.events.testing import assert_events
from tugi.people import roles
from tugi.people.models import Agent, Department, Role, RoleGrant
from tugi.setup.first_run import announce, make_link, opens
from tugi.setup.models import SetUpKey

GOOD = {
    "company": "Acme",
    "language": "et",
    "time_zone": "Europe/Tallinn",
    "name": "Ada Admin",
    "email": "ada@acme.example",
    "password": "slow purple tractor 17",
    "address": "support@acme.example",
}
BAD = [
    ("company", ""),
    ("company", "A" * 121),
    ("language", ""),
    ("language", "xx"),
    ("time_zone", "Mars/Olympus"),
    ("time_zone", "../../etc/passwd"),
    ("name", ""),
    ("name", "N" * 121),
    ("email", ""),
    ("email", "ada"),
    ("email", "ada@acme.example\nBcc: x@x.example"),
    ("password", ""),
    ("password", "short"),
    ("password", "password1234"),
    ("password", "493827105546"),
    ("password", "ada@acme.example"),
    ("address", ""),
    ("address", "support"),
    ("address", "support@acme.example, b@acme.example"),
]


def path() -> str:
    """The path of a fresh link."""
    link = make_link()
    assert link is not None
    return link.removeprefix(settings.PUBLIC_URL)


class ConsoleTest(TestCase):
    def test_the_console_prints_the_link_once_and_only_its_hash_is_kept(self) -> None:
        lines = announce()
        [link] = [line.strip() for line in lines if "/setup/" in line]
        key = link.rpartition("/")[2]
        self.assertTrue(link.startswith(settings.PUBLIC_URL))
        self.assertGreaterEqual(len(key), 32)
        self.assertEqual("\n".join(lines).count(key), 1)
        self.assertNotIn(key, SetUpKey.objects.get().key_hash)

    def test_a_second_link_makes_the_first_one_void(self) -> None:
        first, second = path(), path()
        self.assertEqual(self.client.get(first).status_code, HTTPStatus.NOT_FOUND)
        self.assertEqual(self.client.get(second).status_code, HTTPStatus.OK)

    def test_the_command_prints_a_link_until_the_desk_is_set_up(self) -> None:
        out = StringIO()
        call_command("setup_link", stdout=out)
        self.assertTrue(opens(out.getvalue().strip().rpartition("/")[2]))
        self.client.post(path(), GOOD)
        with self.assertRaises(CommandError):
            call_command("setup_link", stdout=out)
        self.assertEqual(announce(), [])


class KeyTest(TestCase):
    def test_any_other_key_finds_nothing(self) -> None:
        right = path()
        key = right.rpartition("/")[2]
        others = [
            "",
            key[:-1],
            key + "x",
            key[1:],
            key.swapcase(),
            key + "%00",
            "%20" + key,
            "0" * len(key),
            "a" * 5000,
        ]
        for other in others:
            with self.subTest(other[:40]):
                self.assertEqual(self.client.get(f"/setup/{other}").status_code, HTTPStatus.NOT_FOUND)
                self.assertEqual(self.client.post(f"/setup/{other}", GOOD).status_code, HTTPStatus.NOT_FOUND)
        self.assertFalse(Agent.objects.exists())
        self.assertEqual(self.client.get(right).status_code, HTTPStatus.OK)

    def test_guessing_is_slowed_down(self) -> None:
        found = [self.client.get(f"/setup/{number:032}").status_code for number in range(70)]
        self.assertEqual(found[0], HTTPStatus.NOT_FOUND)
        self.assertEqual(found[-1], HTTPStatus.TOO_MANY_REQUESTS)

    def test_looking_at_the_page_uses_nothing_up(self) -> None:
        right = path()
        for _look in range(3):
            self.assertEqual(self.client.get(right).status_code, HTTPStatus.OK)

    def test_no_other_method_is_taken(self) -> None:
        right = path()
        for method in (self.client.put, self.client.delete, self.client.patch):
            self.assertEqual(method(right).status_code, HTTPStatus.METHOD_NOT_ALLOWED)


class SetUpTest(TestCase):
    def test_it_makes_the_desk_and_signs_its_administrator_in(self) -> None:
        with assert_events("agent.added", "agent.roles_changed", "department.added", "mailbox.added", "desk.set_up"):
            answer = self.client.post(path(), GOOD)
        self.assertRedirects(answer, "/", fetch_redirect_response=False)
        desk, agent = DeskSettings.load(), Agent.objects.get()
        self.assertEqual((desk.company, desk.language, desk.time_zone), ("Acme", "et", "Europe/Tallinn"))
        self.assertEqual((agent.email, agent.name, agent.language), ("ada@acme.example", "Ada Admin", "et"))
        self.assertTrue(agent.check_password(GOOD["password"]))
        self.assertEqual(RoleGrant.objects.get().role.slug, roles.ADMIN)
        self.assertEqual(Department.objects.get().head, agent)
        self.assertEqual(Mailbox.objects.get().address, "support@acme.example")
        self.assertEqual(self.client.session["_auth_user_id"], str(agent.pk))

    def test_it_closes_for_ever(self) -> None:
        right = path()
        self.client.post(right, GOOD)
        for client in (self.client, Client()):
            self.assertEqual(client.get(right).status_code, HTTPStatus.NOT_FOUND)
            self.assertEqual(client.post(right, GOOD).status_code, HTTPStatus.NOT_FOUND)
        self.assertIsNone(make_link())
        self.assertFalse(SetUpKey.objects.exists())
        self.assertEqual(Agent.objects.count(), 1)

    def test_a_key_left_over_opens_nothing_once_the_desk_is_set_up(self) -> None:
        right = path()
        kept = SetUpKey.objects.get()
        self.client.post(right, GOOD)
        SetUpKey.objects.create(key_hash=kept.key_hash, created_at=kept.created_at)
        self.assertEqual(self.client.get(right).status_code, HTTPStatus.NOT_FOUND)

    def test_only_declared_fields_count(self) -> None:
        extra = {
            "is_active": "",
            "is_superuser": "on",
            "role": "none",
            "id": "77",
            "joined_at": "1999-01-01",
            "grants": "x",
        }
        self.client.post(path(), {**GOOD, **extra})
        agent = Agent.objects.get()
        self.assertTrue(agent.is_active)
        self.assertNotEqual(agent.pk, 77)
        self.assertEqual(agent.joined_at.year, DeskSettings.load().set_up_at.year)  # type: ignore[union-attr]

    def test_a_post_from_another_site_is_refused(self) -> None:
        answer = self.client.post(path(), GOOD, headers={"Sec-Fetch-Site": "cross-site"})
        self.assertEqual(answer.status_code, HTTPStatus.FORBIDDEN)
        self.assertFalse(Agent.objects.exists())

    def test_a_post_without_the_forms_token_is_refused(self) -> None:
        answer = Client(enforce_csrf_checks=True).post(path(), GOOD)
        self.assertEqual(answer.status_code, HTTPStatus.FORBIDDEN)
        self.assertFalse(Agent.objects.exists())


class FormTest(TestCase):
    def test_the_browsers_language_is_chosen_beforehand(self) -> None:
        for said, chosen in (
            ("et-EE,et;q=0.9,en;q=0.5", "et"),
            ("ru", "ru"),
            ("ro-MD", "ro"),
            ("fi", "en"),
            ("", "en"),
        ):
            with self.subTest(said):
                answer = self.client.get(path(), headers={"Accept-Language": said})
                self.assertContains(answer, f'<option value="{chosen}" selected>')
                self.assertEqual(answer["Content-Language"], chosen)

    def test_the_page_is_kept_nowhere_and_leaks_its_address_to_nobody(self) -> None:
        answer = self.client.get(path())
        self.assertEqual(answer["Cache-Control"], "no-store")
        self.assertIn(answer["Referrer-Policy"], ("same-origin", "no-referrer"))


@pytest.mark.django_db
@pytest.mark.parametrize(("field", "value"), BAD)
def test_bad_input_keeps_the_form_and_makes_nothing(client: Client, field: str, value: str) -> None:
    right = path()

    answer = client.post(right, {**GOOD, field: value})

    text = answer.content.decode()
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert f'id="id_{field}_error"' in text
    assert 'aria-invalid="true"' in text
    for other in ("company", "name", "email", "address"):
        assert other == field or f'value="{GOOD[other]}"' in text
    assert GOOD["password"] not in text
    assert not Agent.objects.exists()
    assert not DeskSettings.load().is_set_up
    assert client.post(right, GOOD).status_code == HTTPStatus.FOUND


class TwoAtOnceTest(TransactionTestCase):
    def setUp(self) -> None:
        # Another test's end may have emptied the table.
        for slug, permissions in roles.BUILT_IN.items():
            Role.objects.get_or_create(slug=slug, defaults={"name": slug, "permissions": list(map(str, permissions))})

    def test_two_posts_make_one_administrator(self) -> None:
        right, answers, ready = path(), list[int](), threading.Barrier(2)

        def post(email: str) -> None:
            ready.wait()
            try:
                answers.append(Client().post(right, {**GOOD, "email": email}).status_code)
            finally:
                connection.close()

        threads = [threading.Thread(target=post, args=(f"{name}@acme.example",)) for name in ("ada", "eve")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(answers), [HTTPStatus.FOUND, HTTPStatus.NOT_FOUND])
        self.assertEqual((Agent.objects.count(), Department.objects.count(), Mailbox.objects.count()), (1, 1, 1))


class WaysInTest(TestCase):
    def test_where_nobody_can_sign_in_the_page_says_how_to_begin(self) -> None:
        answer = self.client.get("/sign-in")

        self.assertContains(answer, "This desk has no administrator yet.")
        self.assertContains(answer, "bin/tugi set-up-link")
        self.assertNotContains(answer, 'name="password"')

    def test_after_set_up_any_link_shows_the_way_in_and_is_not_found(self) -> None:
        used = path()
        DeskSettings.load()
        DeskSettings.objects.update(set_up_at=clock.now())
        answers = [self.client.get(each) for each in (used, "/setup/unknown")]

        for answer in answers:
            self.assertContains(answer, "This desk is set up already", status_code=404)
            self.assertContains(answer, 'href="/sign-in"', status_code=404)
        self.assertContains(self.client.get("/sign-in"), 'name="password"')

    def test_before_set_up_an_unknown_link_is_nothing(self) -> None:
        answer = self.client.get("/setup/unknown")

        self.assertNotContains(answer, "set up already", status_code=404)
