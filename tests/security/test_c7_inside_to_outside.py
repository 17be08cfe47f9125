"""C7, D2: what the desk knows among itself reaches no customer, by page or by mail; links name the desk's own host."""

from __future__ import annotations

import re
from datetime import timedelta

from django.test import Client, override_settings
from django.urls import reverse

from tests.house.access.world import routes
from tests.security.test_b4_outgoing_injection import SinkTest
from tugi.channels.email.models import Mailbox
from tugi.channels.email.testing import SUPPORT, mail, message_of
from tugi.core import clock
from tugi.core.testing import at
from tugi.events import actors
from tugi.events.testing import run_consumers, run_sender
from tugi.people.models import Agent, Department
from tugi.tickets import actions
from tugi.tickets.models import Attachment, Category, Delivery, Priority, Ticket
from tugi.tickets.testing import make_file, make_ticket, merge, note, receive, reply, status

PUBLIC = "https://help.acme.example"
LINK = re.compile(r"https?://[^\s\"'<>)]+")
INSIDE = (
    "CANARY", "ben@agents.example", "cleo@agents.example", "ada@agents.example", "Cleo South", "Ada Admin", "Emil",
    "emil@emil.example", "bcc@hidden.example", "mx.acme.example", "urgent", "Urgent", "third@party.example",
)  # fmt: skip
"""Words of the inside, and of other customers. Ben's first name is public: he signs with it."""


@override_settings(PUBLIC_URL=PUBLIC)
class InsideTest(SinkTest):
    """Dora's ticket has seen everything that can happen to one; Emil's other one was merged in, and out again."""

    ticket: Ticket

    def setUp(self) -> None:
        super().setUp()
        for agent in (self.cast.ben, self.cast.cleo, self.cast.ada):
            Agent.objects.filter(pk=agent.pk).update(email=f"{agent.name.split()[0].lower()}@agents.example")
        Department.objects.filter(pk=self.cast.north.pk).update(name="CANARYdepartment")
        Mailbox.objects.update(smtp_username="CANARYuser", smtp_password="CANARYpassword", imap_username="CANARYimap")
        raw = mail(vouched="dora.example", headers={"Bcc": "bcc@hidden.example", "X-Canary": "CANARYheader"})
        self.ticket = message_of(self.receive(raw)).ticket
        self.work()
        self.happen()
        self.key = actions.make_link(self.ticket.pk, contact_id=self.cast.dora.pk)

    def happen(self) -> None:
        ben, ticket = actors.agent(self.cast.ben.pk), self.ticket
        noted = note(ticket, "CANARYnote", author=self.cast.ben)
        inner = make_file("CANARYinner.txt", b"CANARY")
        Attachment.objects.create(
            message=noted, name=inner.name, content_type=inner.content_type, size=inner.size, sha256=inner.sha256
        )
        actions.change_tags(ticket.pk, add=["CANARYtag"], actor=ben)
        actions.change_priority(ticket.pk, to=Priority.URGENT, actor=ben)
        actions.assign_ticket(ticket.pk, to=self.cast.ben, actor=ben)
        actions.assign_ticket(ticket.pk, to=self.cast.ada, actor=ben)
        actions.withdraw_reply(reply(ticket, "CANARYwithdrawn", author=self.cast.ben).pk, actor=ben)
        other = make_ticket(self.cast.north, self.cast.emil, subject="CANARYother", text="CANARYothers words")
        merged = merge(other, into=ticket, agent=self.cast.ben)
        actions.undo_merge(merged.pk, actor=ben)
        self.third_party()
        failing = reply(ticket, "Not yet", author=self.cast.ben, undo_for=timedelta())
        actions.record_delivery(
            failing.pk, delivery=Delivery.FAILED, error="550 CANARYerror", actor=actors.system("channel")
        )
        with at(clock.now() + timedelta(minutes=1)):
            reply(ticket, "Here is the answer.", author=self.cast.ben, undo_for=timedelta(), then=Category.PENDING)
            self.work()
        reply(ticket, "CANARYwaiting", author=self.cast.ben, undo_for=timedelta(hours=1))

    def third_party(self) -> None:
        """Somebody else answers to the address that only Dora knows."""
        said = mail(
            "CANARYthird", sender="Third <third@party.example>", to=str(self.sink.deliveries[0].message["Reply-To"])
        )
        row = self.receive(said)
        assert row.outcome == "third_party"

    def work(self) -> None:
        for _ in range(2):
            run_consumers()
            run_sender("email.outbox")

    def mails(self) -> list[str]:
        """Every mail that left: its header and all its parts, decoded."""
        found = []
        for delivery in self.sink.deliveries:
            texts = [f"{name}: {value}" for name, value in delivery.message.items()]
            texts += [str(part.get_content()) for part in delivery.message.walk() if not part.is_multipart()]
            found.append("\n".join([*texts, delivery.sender, *delivery.recipients]))
        return found

    def pages(self) -> list[str]:
        """Every page of the customer, and what it says when it refuses, in each language."""
        found = []
        for language in ("en", "et", "ro", "ru"):
            client = Client(headers={"Accept-Language": language})
            there = reverse("portal:ticket", args=[self.key])
            answers = [client.get(there), client.post(reverse("portal:comments", args=[self.key]), {"text": " "})]
            answers += [
                client.get(reverse("portal:file", args=[self.key, each.pk])) for each in Attachment.objects.all()
            ]
            answers += [client.post(reverse("portal:closure", args=[self.key]), follow=True)]
            answers += [client.post(reverse("portal:reopening", args=[self.key]), follow=True)]
            answers += [client.get("/t/no-such-key"), client.get("/tickets/1001", follow=True), client.get("/nothing")]
            found += [f"{dict(each.headers)}\n{each.content.decode()}" for each in answers if not each.streaming]
        return found

    def test_every_customers_address_was_asked(self) -> None:
        assert {name for name in routes() if name.startswith("portal:")} == {
            "portal:ticket", "portal:comments", "portal:closure", "portal:reopening", "portal:file",
        }  # fmt: skip

    def test_mails_tell_nothing_of_the_inside(self) -> None:
        mails = self.mails()

        assert len(mails) == 2
        assert "Here is the answer." in mails[1]
        assert [(word, text) for text in mails for word in INSIDE if word in text] == []

    def test_mails_go_to_the_customer_alone(self) -> None:
        assert {each for delivery in self.sink.deliveries for each in delivery.recipients} == {"dora@dora.example"}

    def test_pages_tell_nothing_of_the_inside(self) -> None:
        pages = self.pages()

        assert any("Here is the answer." in page for page in pages)
        assert [(word, text) for text in pages for word in INSIDE if word in text] == []

    def test_the_same_words_are_there_for_an_agent(self) -> None:
        """Else the tests above would prove nothing."""
        self.sign_in(self.cast.ada)
        page = self.client.get(reverse("ticket", args=[self.ticket.number])).content.decode()
        for word in (
            "CANARYnote",
            "CANARYtag",
            "CANARYdepartment",
            "CANARYerror",
            "CANARYthird",
            "CANARYwaiting",
            "CANARYinner",
        ):
            assert word in page, word

    def test_a_participant_reads_what_is_public_and_no_more(self) -> None:
        key = actions.make_link(self.ticket.pk, contact_id=self.cast.emil.pk)
        page = self.client.get(reverse("portal:ticket", args=[key])).content.decode()

        assert "Here is the answer." in page
        assert [word for word in INSIDE if word in page and not word.lower().startswith("emil")] == []

    def test_the_mail_tells_who_wrote_but_no_address_of_an_agent(self) -> None:
        mail = self.sink.deliveries[-1].message

        assert [each.addr_spec for each in mail["From"].addresses] == [SUPPORT]
        assert {"Received", "X-Mailer", "User-Agent", "X-Originating-IP", "Sender"} & set(mail.keys()) == set()

    def test_what_is_quoted_is_what_that_customer_may_read(self) -> None:
        receive(self.ticket, "Dora's second question")
        note(self.ticket, "CANARYlater", author=self.cast.ben)
        sent = self.answered(self.ticket)

        assert "Dora's second question" in str(sent.message.get_body(("plain",)))
        assert b"CANARY" not in sent.raw

    # D2.1

    def test_links_in_mails_and_pages_name_the_desks_own_host(self) -> None:
        links = {link for text in self.mails() for link in LINK.findall(text)}
        assert links
        assert {link for link in links if not link.startswith(f"{PUBLIC}/")} == set()

    def test_no_host_that_a_request_names_is_believed(self) -> None:
        forged = {"X-Forwarded-Host": "evil.example", "X-Host": "evil.example", "Forwarded": "host=evil.example"}
        forged |= {
            "X-Forwarded-Server": "evil.example",
            "X-Original-Host": "evil.example",
            "X-Forwarded-Proto": "gopher",
        }
        client = Client()
        client.force_login(self.cast.ada)
        for there in (
            "/tickets/?view=open",
            f"/tickets/{self.ticket.number}",
            reverse("portal:ticket", args=[self.key]),
            "/sign-in",
        ):
            answer = client.get(there, headers=forged, follow=True)
            assert answer.status_code == 200
            assert "evil.example" not in f"{answer.content.decode()}{dict(answer.headers)}", there
        link = client.post(reverse("people:agent-link", args=[self.cast.leo.pk]), headers=forged).content.decode()
        assert f"{PUBLIC}/account/" in link and "evil" not in link

    def test_a_foreign_host_is_refused_everywhere(self) -> None:
        for host in (
            "evil.example",
            "testserver.evil.example",
            "testserver@evil.example",
            "evil.example:80",
            "127.0.0.1.evil.example",
        ):
            for there in (
                "/",
                "/sign-in",
                "/healthz",
                reverse("portal:ticket", args=[self.key]),
                "/static/x",
                "/nothing",
            ):
                answer = Client(raise_request_exception=False).get(there, headers={"Host": host})
                assert answer.status_code in (400, 404), (host, there, answer.status_code)
                assert "evil" not in answer.content.decode()

    def test_a_status_that_customers_read_is_in_plain_words(self) -> None:
        own = status(Category.PENDING)
        type(own).objects.filter(pk=own.pk).update(name="CANARYstatus", is_built_in=False)

        assert "CANARY" not in self.client.get(reverse("portal:ticket", args=[self.key])).content.decode()
