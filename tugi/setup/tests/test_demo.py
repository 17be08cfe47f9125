"""The demo: what it makes, that it can be true, and that nobody is written to because of it."""

from __future__ import annotations

import json
import re
import shlex
import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from random import Random
from unittest import mock

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings

from tugi.channels.email.models import Mailbox, OutboundMessage
from tugi.core import blobs
from tugi.core.models import DeskSettings
from tugi.core.testing import at
from tugi.events.consumers import consumers
from tugi.events.models import Cursor, Event
from tugi.events.places import pending
from tugi.events.testing import run_consumers
from tugi.people import roles
from tugi.people.contact_search import find_contacts
from tugi.people.models import Agent, Contact, Department, Organisation, RoleGrant
from tugi.people.testing import make_cast
from tugi.setup.demo import cast, filling, welcome
from tugi.setup.demo.hours import ZONE
from tugi.setup.demo.speech import Speech
from tugi.setup.first_run import announce
from tugi.tickets.actions.links import link_for
from tugi.tickets.models import (
    Attachment,
    Category,
    Delivery,
    Merge,
    Message,
    MessageKind,
    Priority,
    Proof,
    Stage,
    Ticket,
)
from tugi.tickets.search import parse, search_tickets

NOW = datetime(2026, 11, 24, 11, 20, tzinfo=UTC)
TICKETS = 120
PASSWORD = "rather long and odd 5"


class FilledDesk(TestCase):
    """One demo for all of these: what they ask is asked of the same rows."""

    @classmethod
    def setUpTestData(cls) -> None:
        with at(NOW):
            told = filling.plan(seed=11, now=NOW, tickets=TICKETS)
            filling.fill(told, password=PASSWORD, tell=lambda _line: None)

    def test_the_company_has_three_departments_with_heads_and_mailboxes(self) -> None:
        self.assertEqual(DeskSettings.load().company, "Northlight")
        self.assertEqual(
            list(Department.objects.values_list("name", flat=True)), ["Customer support", "Technical", "Billing"]
        )
        self.assertFalse(Department.objects.filter(head=None).exists())
        self.assertEqual(
            set(Mailbox.objects.values_list("address", "department__name")),
            {
                ("support@northlight.example", "Customer support"),
                ("tech@northlight.example", "Technical"),
                ("billing@northlight.example", "Billing"),
            },
        )

    def test_eight_agents_of_four_languages_hold_all_roles_and_share_the_password(self) -> None:
        agents = list(Agent.objects.all())
        self.assertEqual(len(agents), 8)
        self.assertEqual({agent.language for agent in agents}, {"en", "ru", "ro", "et"})
        self.assertTrue(all(agent.check_password(PASSWORD) for agent in agents))
        held = set(RoleGrant.objects.values_list("role__slug", flat=True))
        self.assertEqual(held, {roles.ADMIN, roles.LEAD, roles.AGENT, roles.LIGHT_AGENT})

    def test_customers_write_in_four_languages_and_some_from_work(self) -> None:
        self.assertEqual(Contact.objects.count(), 76)
        self.assertEqual(Organisation.objects.count(), 10)
        opened = Counter(Ticket.objects.values_list("language", flat=True))
        self.assertEqual(set(opened), {"en", "ru", "ro", "et"})
        self.assertAlmostEqual(opened["en"] / sum(opened.values()), 0.4, delta=0.05)
        self.assertTrue(Ticket.objects.exclude(organisation=None).exists())

    def test_tickets_stand_everywhere_they_can(self) -> None:
        tickets = Ticket.objects.all()
        self.assertGreaterEqual(tickets.count(), TICKETS)
        self.assertEqual(set(tickets.values_list("status__category", flat=True)), set(Category))
        self.assertEqual(set(tickets.values_list("stage", flat=True)), set(Stage))
        self.assertEqual(set(tickets.values_list("priority", flat=True)), set(Priority))
        self.assertTrue(tickets.filter(is_unread=True, stage=Stage.OPEN).exists())
        self.assertTrue(tickets.filter(stage=Stage.OPEN, assignee=None).exists())
        self.assertTrue(tickets.filter(stage=Stage.OPEN).exclude(assignee=None).exists())
        self.assertTrue(Merge.objects.exists())
        self.assertTrue(Event.objects.filter(kind="ticket.moved").exists())
        recent = tickets.filter(created_at__gt=NOW - timedelta(hours=7))
        self.assertGreater(recent.count(), 5)

    def test_who_signs_in_first_finds_something_to_do(self) -> None:
        own = Ticket.objects.filter(assignee__email=cast.ADMIN.address, stage=Stage.OPEN)
        self.assertGreaterEqual(own.count(), 2)

    def test_messages_are_of_every_kind(self) -> None:
        messages = Message.objects.all()
        self.assertEqual(set(messages.values_list("kind", flat=True)), set(MessageKind))
        self.assertEqual(set(messages.values_list("proof", flat=True)), {"", Proof.NONE, Proof.SENDER, Proof.TOKEN})
        self.assertEqual(set(messages.values_list("channel", flat=True)), {"email", "portal"})
        self.assertTrue(messages.exclude(quoted_text="").exists())
        self.assertTrue(messages.filter(is_automatic=True).exists())
        self.assertFalse(messages.filter(text__contains="{").exists())

    def test_attachments_are_what_they_say(self) -> None:
        beginnings = {
            "image/png": b"\x89PNG",
            "application/pdf": b"%PDF-1.4",
            "text/csv": b"Room;",
            "text/plain": b"app",
        }
        files = list(Attachment.objects.all())
        self.assertEqual({file.content_type for file in files}, set(beginnings))
        for file in files:
            data = blobs.read(file.sha256)
            self.assertTrue(data.startswith(beginnings[file.content_type]), file.name)
            self.assertEqual(len(data), file.size)

    def test_nothing_is_to_leave(self) -> None:
        run_consumers()
        self.assertFalse(OutboundMessage.objects.exists())
        self.assertLessEqual(
            set(Message.objects.values_list("delivery", flat=True)), {"", Delivery.SENT, Delivery.FAILED}
        )

    def test_every_fact_of_a_ticket_is_an_imports_and_has_its_actor(self) -> None:
        facts = Event.objects.exclude(ticket_id=None)
        self.assertEqual(set(facts.values_list("origin", flat=True)), {"import"})
        self.assertFalse(Event.objects.exclude(actor_kind="system").filter(actor_id=None).exists())

    def test_the_log_tells_each_ticket_in_the_order_of_time(self) -> None:
        for ticket_id in Ticket.objects.values_list("id", flat=True):
            moments = list(Event.objects.of_ticket(ticket_id).values_list("at", flat=True))
            self.assertEqual(moments, sorted(moments))
        self.assertFalse(Event.objects.filter(at__gt=NOW).exists())
        self.assertGreater(Event.objects.filter(at__lt=NOW - timedelta(weeks=4)).count(), 50)

    def test_numbers_follow_the_time(self) -> None:
        opened = list(Ticket.objects.order_by("number").values_list("created_at", flat=True))
        self.assertEqual(opened, sorted(opened))

    def test_agents_answer_when_they_work(self) -> None:
        for message in Message.objects.filter(kind=MessageKind.OUTBOUND):
            there = message.created_at.astimezone(ZONE)
            self.assertTrue(there.weekday() < 5 and 8 <= there.hour < 18, there)

    def test_light_agents_answer_nobody(self) -> None:
        said = Message.objects.filter(agent__grants__role__slug=roles.LIGHT_AGENT)
        self.assertEqual(set(said.values_list("kind", flat=True)), {MessageKind.NOTE})

    def test_everything_is_found_before_any_worker_has_run(self) -> None:
        admin = Agent.objects.get(email="helen@northlight.example")
        for words in ("lamp", "посылка", "coletul", "tagasimakse"):
            self.assertTrue(search_tickets(admin, parse(words)).hits, words)
        self.assertTrue(find_contacts(admin, "Kask"))
        self.assertFalse(pending(consumers()["search"], after=Cursor.objects.get(consumer="search").seq).exists())

    def test_it_is_known_for_a_demo_and_not_filled_again(self) -> None:
        events = Event.objects.count()
        self.assertTrue(filling.is_filled())
        out = StringIO()
        call_command("demo", stdout=out)
        self.assertIn("a demo already", out.getvalue())
        self.assertEqual(Event.objects.count(), events)


class DemoCommandTest(TestCase):
    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.enterContext(override_settings(DATA_DIR=self.folder))

    def demo(self, *options: str) -> str:
        out = StringIO()
        call_command("demo", *options, stdout=out)
        return out.getvalue()

    def test_it_prints_the_way_in(self) -> None:
        told = self.demo("--tickets=6", "--seed=2")
        password = json.loads((self.folder / "demo.json").read_text())["password"]
        self.assertIn(f"helen@northlight.example   password: {password}", told)
        self.assertTrue(Agent.objects.get(email="helen@northlight.example").check_password(password))
        self.assertEqual((self.folder / "demo.json").stat().st_mode & 0o077, 0)

    def test_the_customers_page_opens(self) -> None:
        self.demo("--tickets=12", "--seed=2")
        page = json.loads((self.folder / "demo.json").read_text())["page"]
        self.assertIsNotNone(link_for(page.rpartition("/")[2]))
        self.assertEqual(self.client.get(page).status_code, 200)
        self.assertIn(f"  {settings.PUBLIC_URL}{page}", welcome.lines())

    def test_before_serving_it_leaves_the_last_words_to_the_server(self) -> None:
        self.assertNotIn("password", self.demo("--tickets=4", "--seed=2", "--serving"))
        self.assertEqual(self.demo("--serving"), "")
        self.assertIn("password: ", "\n".join(announce()))

    def test_it_says_how_to_write_and_where_answers_arrive(self) -> None:
        with override_settings(SMTP_LISTEN=("127.0.0.1", 2525), MAIL_FOLDER=self.folder / "outgoing"):
            told = "\n".join(welcome.lines())
        self.assertIn("curl -sS --crlf smtp://127.0.0.1:2525", told)
        self.assertIn(f"cat {self.folder}/outgoing/*.txt", told)

    def test_the_python_line_is_python_for_a_shell(self) -> None:
        with override_settings(SMTP_LISTEN=("127.0.0.1", 2525)):
            [line] = [line for line in welcome.lines() if "python3" in line]
        _python, _option, code = shlex.split(line)
        compile(code, "line", "exec")

    def test_a_lost_note_is_no_failure(self) -> None:
        self.assertIn("was printed when it was filled", welcome.lines()[0])

    def test_a_desk_in_use_is_refused_and_left_alone(self) -> None:
        make_cast()
        with self.assertRaisesMessage(CommandError, "in use"):
            self.demo()
        self.assertFalse(Ticket.objects.exists())
        self.assertFalse((self.folder / "demo.json").exists())

    def test_a_failure_on_the_way_leaves_the_desk_empty(self) -> None:
        with mock.patch("tugi.setup.demo.filling.play", side_effect=OSError), self.assertRaises(OSError):
            self.demo("--tickets=4")
        self.assertTrue(filling.is_empty())


def outline(seed: int) -> list[tuple[datetime, str, str]]:
    told = filling.plan(seed=seed, now=NOW, tickets=40)
    return [(story.start, story.customer.address, story.subject) for story in told.stories]


def test_the_same_seed_makes_the_same_conversations() -> None:
    assert outline(5) == outline(5)
    assert outline(5) != outline(6)


def test_there_are_more_conversations_in_the_week_than_at_its_end() -> None:
    days = Counter(story.start.astimezone(ZONE).weekday() for story in filling.plan(seed=1, now=NOW).stories)

    assert min(days[0], days[1]) > 2 * max(days[5], days[6])


def test_there_are_enough_different_conversations() -> None:
    assert {language: len(told) for language, told in filling.SCENARIOS.items()} == {
        "en": 20,
        "ru": 12,
        "ro": 12,
        "et": 12,
    }


@pytest.mark.parametrize("language", filling.SCENARIOS)
def test_every_word_of_a_conversation_can_be_said(language: str) -> None:
    customer = cast.customers(language)[0]
    speech = Speech(customer, NOW, Random(1))  # noqa: S311
    for told in filling.SCENARIOS[language]:
        for text in (told.subject, *(step.text for step in told.steps)):
            for speaker in (customer, cast.WORKERS[1]):
                assert not set("{}[]|") & set(speech.plain(text, speaker)), text


def test_passwords_differ_and_can_be_typed() -> None:
    made = {welcome.make_password() for _ in range(50)}

    assert len(made) == 50
    assert all(re.fullmatch(r"[a-z]{4}(-[a-z]{4}){3}", password) for password in made)
