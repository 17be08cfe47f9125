"""Agents who answer by mail (SECURITY A1.4): as themselves with token, proof and access together, else not at all."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

from django.test import override_settings

from tests.servers.smtp_sink import smtp_sink
from tugi.channels.email.compose import compose
from tugi.channels.email.marks import (
    AgentToken,
    make_agent_reply_address,
    read_agent_reply_address,
    read_reply_address,
    without_token,
)
from tugi.channels.email.models import Outcome, RawMail
from tugi.channels.email.routing import mailbox_for
from tugi.channels.email.testing import SUPPORT, MailTest, mail, make_mailbox, message_of
from tugi.events.models import Event
from tugi.events.testing import run_consumers, run_sender
from tugi.people.models import Agent, Contact, RoleGrant
from tugi.tickets.models import Category, Delivery, Message, MessageKind, Priority, Ticket
from tugi.tickets.testing import merge

BEN = "Ben North <ben@acme.example>"
QUOTE = "\n\nOn Monday, Acme Support wrote:\n> Dora wrote to you.\n> Secret of the desk.\n"


class AgentMailTest(MailTest):
    def setUp(self) -> None:
        self.ticket = self.open_ticket()
        self.before = Message.objects.count()

    def token(self, agent: Agent | None = None, *, is_internal: bool = False) -> str:
        return make_agent_reply_address(SUPPORT, AgentToken(self.ticket.pk, (agent or self.cast.ben).pk, is_internal))

    def say(self, text: str = "Try it again.", **options: object) -> RawMail:
        wanted = {"sender": BEN, "to": self.token(), "vouched": "acme.example", **options}
        row = self.receive(mail(text, **wanted))  # type: ignore[arg-type]
        self.ticket.refresh_from_db()
        return row

    def test_the_agents_own_proven_mail_is_the_agents_reply(self) -> None:
        row = self.say("Try it again." + QUOTE)
        said = message_of(row)
        assert (row.outcome, said.kind, said.agent) == (Outcome.AGENT, MessageKind.OUTBOUND, self.cast.ben)
        assert (said.text.strip(), said.delivery) == ("Try it again.", Delivery.WAITING)
        assert (self.ticket.assignee, self.ticket.waiting_since) == (self.cast.ben, None)
        written = Event.objects.of_ticket(self.ticket.pk).get(kind="message.reply_written")
        assert (written.actor_kind, written.actor_id, written.origin) == ("agent", self.cast.ben.pk, "channel")

    def test_it_goes_to_the_customer_without_what_it_quotes(self) -> None:
        with smtp_sink() as sink, override_settings(SMTP_SEND=("127.0.0.1", sink.port)):
            self.say("Try it again." + QUOTE)
            run_consumers()
            run_sender("email.outbox")
            sent = [each.raw for each in sink.to("dora@dora.example") if b"Try it again." in each.raw]
        assert len(sent) == 1
        assert b"Secret of the desk" not in sent[0]

    def test_the_next_answer_does_not_refer_to_the_agents_own_mail(self) -> None:
        self.say(message_id="<private@bens-laptop.internal>")
        answer = self.answer(self.ticket)
        assert b"bens-laptop" not in compose(answer, link="").raw

    def test_without_proof_nothing_reaches_the_customer(self) -> None:
        self.assert_refused(self.say(vouched=""), "not_proven")
        self.assert_refused(self.say("Another one.", vouched="evil.example"), "not_proven")

    def test_another_sender_is_refused_however_proven(self) -> None:
        self.assert_refused(self.say(sender="eve@evil.example", vouched="evil.example"), "other_sender")
        self.assert_refused(self.say("Mine.", sender="Leo <leo@acme.example>"), "other_sender")
        self.assert_refused(self.say("Me.", sender="Dora <dora@dora.example>", vouched="dora.example"), "other_sender")

    def test_an_agent_without_access_now_is_refused(self) -> None:
        RoleGrant.objects.filter(agent=self.cast.ben).update(department=self.cast.south)
        self.assert_refused(self.say(), "no_access")

    def test_an_agent_who_has_left_is_refused(self) -> None:
        Agent.objects.filter(pk=self.cast.ben.pk).update(is_active=False)
        self.assert_refused(self.say(), "no_access")

    def test_who_may_not_answer_customers_may_leave_a_note(self) -> None:
        leo = {"sender": "Leo <leo@acme.example>", "to": self.token(self.cast.leo)}
        self.assert_refused(self.say(**leo), "no_access")
        row = self.say("#note\nSeen it before.", **leo)
        assert (message_of(row).kind, message_of(row).agent) == (MessageKind.NOTE, self.cast.leo)

    def test_an_absent_agents_machine_says_nothing_to_anybody(self) -> None:
        row = self.say("I am on holiday.", headers={"Auto-Submitted": "auto-replied"})
        assert (row.outcome, row.message, Message.objects.count()) == (Outcome.NOT_AGENT, None, self.before)

    def test_an_answer_to_an_internal_notice_stays_inside(self) -> None:
        row = self.say("I know her.", to=self.token(is_internal=True))
        assert (row.outcome, message_of(row).kind) == (Outcome.AGENT, MessageKind.NOTE)

    def test_commands_are_obeyed_and_not_sent(self) -> None:
        row = self.say("#tag invoice\n#priority high\n#close\n\nIt is paid." + QUOTE)
        assert message_of(row).text.strip() == "It is paid."
        assert "#tag" not in message_of(row).html
        assert [tag.name for tag in self.ticket.tags.all()] == ["invoice"]
        assert (self.ticket.priority, self.ticket.status.category) == (Priority.HIGH, Category.CLOSED)

    def test_commands_alone_send_nothing_whatever_the_signature_and_the_quote(self) -> None:
        for number, rest in enumerate(("", "\n-- \nBen North\nAcme", QUOTE, "\n-- \nBen" + QUOTE)):
            row = self.say(f"#take\n#priority low{rest}", headers={"X-Number": str(number)})
            assert (row.outcome, row.message) == (Outcome.AGENT, None), rest
        assert (self.ticket.assignee, Message.objects.count()) == (self.cast.ben, self.before)

    def test_a_mail_that_only_quotes_the_desk_sends_nothing(self) -> None:
        row = self.say(QUOTE.strip())
        assert (row.outcome, Message.objects.count()) == (Outcome.AGENT, self.before)

    def test_a_command_without_its_permission_refuses_the_whole_mail(self) -> None:
        row = self.say("#close\n#note\nDone.", sender="Leo <leo@acme.example>", to=self.token(self.cast.leo))
        self.assert_refused(row, "no_access")
        assert self.ticket.status.category == Category.NEW

    def test_a_customers_commands_are_words(self) -> None:
        row = self.receive(mail("#close\n#priority urgent\nNow!", vouched="dora.example"))
        ticket = message_of(row).ticket
        assert (ticket.status.category, ticket.priority) == (Category.NEW, Priority.NORMAL)
        assert message_of(row).text.startswith("#close")

    def test_the_address_leads_to_the_target_of_a_merge_and_to_no_other_mailbox(self) -> None:
        target = self.open_ticket(subject="The older one")
        merge(self.ticket, into=target, agent=self.cast.ben)
        assert message_of(self.say()).ticket == target
        sales = make_mailbox(self.cast.north, "sales@acme.example")
        row = self.receive(mail(sender=BEN, to=self.token(), vouched="acme.example"), mailbox=sales)
        assert row.outcome == Outcome.OPENED

    def test_the_address_is_ours_and_nobody_can_make_one(self) -> None:
        address, own = self.token(), AgentToken(self.ticket.pk, self.cast.ben.pk)
        assert read_agent_reply_address(address.upper()) == own
        assert (read_reply_address(address), without_token(address)) == (None, SUPPORT)
        assert (found := mailbox_for(address)) is not None
        assert found.pk == self.mailbox.pk
        local, _at, host = address.partition("@")
        for forged in (
            local.replace("+a", "+i"),
            local[:-1] + ("b" if local[-1] == "a" else "a"),
            make_agent_reply_address(SUPPORT, AgentToken(own.ticket_id, own.agent_id + 1)).replace(
                local[-26:], "x"
            ).partition("@")[0][:-26] + local[-26:],
        ):  # fmt: skip
            assert read_agent_reply_address(f"{forged}@{host}") is None, forged

    def assert_refused(self, row: RawMail, reason: str) -> None:
        """Audited, kept inside, and nothing left for the customer."""
        assert row.outcome == Outcome.NOT_AGENT
        assert message_of(row).kind == MessageKind.NOTE
        said = Event.objects.of_ticket(self.ticket.pk).filter(kind="ticket.agent_mail_refused").last()
        assert said is not None
        assert said.data["reason"] == reason
        assert not Message.objects.filter(kind=MessageKind.OUTBOUND).exists()


class ForwardTest(MailTest):
    FORWARDED = (
        "Please look at this.\n\n---------- Forwarded message ---------\nFrom: Emil Customer <emil@emil.example>\n"
        "Date: Mon, 23 Nov 2026 at 09:00\nSubject: Broken lamp\nTo: Ben <ben@acme.example>\n\nMy lamp does not shine.\n"
    )

    def forward(self, text: str = FORWARDED, **options: object) -> RawMail:
        wanted = {"sender": BEN, "vouched": "acme.example", "subject": "Fwd: Broken lamp", **options}
        return self.receive(mail(text, **wanted))  # type: ignore[arg-type]

    def test_the_ticket_is_the_customers_and_the_agents_words_are_a_note(self) -> None:
        row = self.forward(headers={"Cc": "more@acme.example"})
        message, ticket = message_of(row), message_of(row).ticket
        assert (row.outcome, ticket.contact, ticket.subject) == (Outcome.OPENED, self.cast.emil, "Broken lamp")
        assert (message.author_address, message.text.strip()) == ("emil@emil.example", "My lamp does not shine.")
        assert "Forwarded message" in message.quoted_text
        assert message.proof == "none"
        note = Message.objects.get(ticket=ticket, kind=MessageKind.NOTE)
        assert (note.agent, note.text.strip()) == (self.cast.ben, "Please look at this.")
        assert self.event(ticket).data["found"] is True
        assert not ticket.participants.exists()

    def test_an_attached_mail_says_best_who_wrote_it(self) -> None:
        made = message_from_bytes(
            mail("See the file.", sender=BEN, vouched="acme.example", subject="Passing on"), policy=SMTP
        )
        assert isinstance(made, EmailMessage)
        original = mail("My lamp does not shine.", sender="Emil <emil@emil.example>", to="ben@acme.example")
        made.add_attachment(message_from_bytes(original, policy=SMTP), filename="original.eml")
        message = message_of(self.receive(made.as_bytes()))
        assert (message.ticket.contact, message.text.strip()) == (self.cast.emil, "My lamp does not shine.")
        assert message.attachments.count() == 1
        assert Message.objects.get(ticket=message.ticket, kind=MessageKind.NOTE).text.strip() == "See the file."

    def test_the_customer_gets_no_acknowledgement_of_what_was_not_sent_to_us(self) -> None:
        row = self.forward()
        run_consumers()
        assert (row.may_answer, message_of(row).ticket.outbound_mails.count()) == (False, 0)

    def test_no_answer_refers_to_the_agents_own_mail(self) -> None:
        ticket = message_of(self.forward(message_id="<private@bens-laptop.internal>")).ticket
        answer = self.answer(ticket)
        assert b"bens-laptop" not in compose(answer, link="").raw

    def test_without_proof_it_is_a_mail_of_the_agents_address(self) -> None:
        ticket = message_of(self.forward(vouched="")).ticket
        assert ticket.contact != self.cast.emil
        assert not Event.objects.of_ticket(ticket.pk).filter(kind="ticket.forwarded").exists()

    def test_a_customers_forward_is_the_customers_own(self) -> None:
        row = self.forward(sender="Dora <dora@dora.example>", vouched="dora.example")
        assert message_of(row).ticket.contact == self.cast.dora

    def test_where_nobody_is_named_the_ticket_is_the_agents_and_says_so(self) -> None:
        ticket = message_of(self.forward("See below, it is gone.")).ticket
        assert Contact.objects.get(identities__value="ben@acme.example") == ticket.contact
        assert self.event(ticket).data["found"] is False

    def test_our_own_mail_passed_on_makes_nobody_of_us_a_customer(self) -> None:
        ticket = message_of(self.forward(self.FORWARDED.replace("emil@emil.example", SUPPORT))).ticket
        assert self.event(ticket).data["found"] is False

    def event(self, ticket: Ticket) -> Event:
        return Event.objects.of_ticket(ticket.pk).get(kind="ticket.forwarded")
