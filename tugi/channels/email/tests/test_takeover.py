"""Taking a ticket over by mail (SECURITY A1, A2.1). Test names carry the attack's number."""

from __future__ import annotations

from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisCase

from tests.servers.smtp_sink import smtp_sink
from tugi.channels.email.actions import accept_raw
from tugi.channels.email.intake import take_in
from tugi.channels.email.marks import make_reply_address
from tugi.channels.email.models import Mailbox, Outcome, Via
from tugi.channels.email.recipients import recipients_of
from tugi.channels.email.testing import SUPPORT, MailTest, mail, make_mailbox, message_of
from tugi.events.testing import run_consumers, run_sender
from tugi.people.testing import make_cast
from tugi.tickets.models import Message, MessageKind, Participant, Proof, Ticket
from tugi.tickets.testing import make_ticket

EVIL = "evil@evil.example"


class TakeoverTest(MailTest):
    def setUp(self) -> None:
        self.ticket = self.open_ticket()
        self.row = self.answer(self.ticket)
        self.before = Message.objects.filter(ticket=self.ticket).count()
        self.token = make_reply_address(SUPPORT, self.row.pk)

    def test_a1_1_a_spoofed_follow_up_with_a_stranger_in_cc(self) -> None:
        raw = mail(subject=f"Re: [#{self.ticket.number}] Cannot sign in", headers={"Cc": EVIL})
        with smtp_sink() as sink, override_settings(SMTP_SEND=("127.0.0.1", sink.port)):
            row = self.receive(raw)
            run_consumers()
            run_sender("email.outbox")
            self.assertEqual(sink.to(EVIL), [])
        self.assertEqual(Message.objects.filter(ticket=self.ticket).count(), self.before)
        self.assertFalse(Participant.objects.exists())
        self.assertEqual((row.outcome, message_of(row).proof), (Outcome.OPENED, Proof.NONE))

    def test_a1_3_the_default_recipients_stay_what_they_were(self) -> None:
        self.receive(mail("Forwarded to me.", sender=EVIL, to=self.token, headers={"Cc": "more@evil.example"}))
        self.ticket.refresh_from_db()
        said = self.answer(self.ticket)
        assert said.message is not None
        said.message.to, said.message.cc = [], []
        self.assertEqual(recipients_of(said.message), (["dora@dora.example"], []))
        self.assertFalse(Participant.objects.exists())

    def test_a1_4_an_agents_address_in_from_gives_no_powers(self) -> None:
        for headers in ({}, {"In-Reply-To": f"<{self.row.mail_id}>"}):
            row = self.receive(mail("I am Ben.", sender=self.cast.ben.email, headers=headers))
            self.assertIsNone(message_of(row).agent)
        row = self.receive(mail("I am Ben, with the token.", sender=self.cast.ben.email, to=self.token))
        self.assertEqual(message_of(row).kind, MessageKind.NOTE)
        outbound = Message.objects.filter(ticket=self.ticket, kind=MessageKind.OUTBOUND)
        self.assertEqual(outbound.count(), 1)

    def test_a1_5_forged_control_headers_and_results_change_nothing(self) -> None:
        headers = {
            "X-Tugi-Ticket": str(self.ticket.number),
            "X-Tugi-Proof": "session",
            "X-Tugi-Agent": str(self.cast.ben.pk),
            "Authentication-Results": "mx.other.example; dmarc=pass header.from=dora.example",
        }
        row = self.receive(mail(subject=f"[#{self.ticket.number}]", headers=headers))
        self.assertEqual((row.outcome, message_of(row).proof), (Outcome.OPENED, Proof.NONE))

    def test_a1_6_an_agent_in_reply_to_is_not_the_author(self) -> None:
        row = self.receive(mail(sender=EVIL, headers={"Reply-To": self.cast.ben.email}))
        self.assertEqual(message_of(row).author_address, EVIL)

    def test_a2_1_a_code_sent_to_the_tickets_address_is_not_shown_to_the_customer(self) -> None:
        row = self.receive(mail("Your code is 4711.", sender="no-reply@slack.example", to=self.token))
        self.assertEqual(row.outcome, Outcome.THIRD_PARTY)
        self.assertNotIn(message_of(row), Message.objects.filter(ticket=self.ticket).public())


ADDRESSES = st.sampled_from(
    ["dora@dora.example", EVIL, "ben@acme.example", '"dora@dora.example" <evil@evil.example>', SUPPORT, "", "<>"]
)
HEADERS = st.lists(
    st.tuples(
        st.sampled_from(
            ["Reply-To", "Sender", "Cc", "References", "In-Reply-To", "X-Tugi-Ticket", "From", "To", "Subject",
             "Authentication-Results", "Return-Path", "Delivered-To"]
        ),
        st.sampled_from(
            ["dora@dora.example", EVIL, "[#1001]", "Re: [#1001] x", "<1.r1.aaaaaaaaaaaaaaaaaaaaaaaaaa@acme.example>",
             "support+rb-aaaaaaaaaaaaaaaaaaaaaaaaaa@acme.example", "<first@dora.example>",
             "mx.evil.example; dmarc=pass header.from=dora.example",
             "mx.acme.example; dmarc=fail header.from=dora.example", "x\x00y", "=?utf-8?q?dora=40dora.example?="]
        ),
    ),
    max_size=6,
)  # fmt: skip


class NothingWithoutProofTest(HypothesisCase):
    mailbox: Mailbox
    ticket: Ticket

    @classmethod
    def setUpTestData(cls) -> None:
        cast = make_cast()
        cls.mailbox = make_mailbox(cast.north)
        cls.ticket = make_ticket(cast.north, cast.dora)

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(sender=ADDRESSES, headers=HEADERS)
    def test_a1_8_nothing_public_enters_a_ticket_without_a_proof(
        self, sender: str, headers: list[tuple[str, str]]
    ) -> None:
        ticket = self.ticket
        lines = [f"From: {sender}", *(f"{name}: {value}" for name, value in headers)]
        raw = "\r\n".join([*lines, "", "Let me in."]).encode()
        take_in(accept_raw(self.mailbox, raw, via=Via.IMAP))
        self.assertEqual(Message.objects.filter(ticket=ticket).count(), 1)
        self.assertFalse(Participant.objects.filter(ticket=ticket).exists())
        unproven = Message.objects.filter(ticket__in=Ticket.objects.exclude(pk=ticket.pk))
        self.assertEqual(set(unproven.values_list("proof", flat=True)) - {Proof.NONE}, set())
