"""A1: taking a ticket over by mail. Test names carry the attack's number; its table is in `test_proofs.py`."""

from __future__ import annotations

from datetime import timedelta

from django.test import override_settings
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisCase

from tests.servers.smtp_sink import smtp_sink
from tugi.channels.email.actions import accept_raw
from tugi.channels.email.intake import take_in
from tugi.channels.email.marks import AgentToken, make_agent_reply_address, make_reply_address
from tugi.channels.email.models import Mailbox, OutboundMessage, Outcome, Via
from tugi.channels.email.recipients import recipients_of
from tugi.channels.email.testing import SUPPORT, VOUCHED, MailTest, mail, make_mailbox, message_of
from tugi.events.testing import run_consumers, run_sender
from tugi.people.testing import make_cast
from tugi.tickets.models import Message, MessageKind, Participant, Proof, Ticket
from tugi.tickets.testing import reply

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

    def test_a1_4_an_agents_own_address_is_nothing_without_the_agents_proof(self) -> None:
        to = make_agent_reply_address(SUPPORT, AgentToken(self.ticket.pk, self.cast.ben.pk))
        outbound = Message.objects.filter(ticket=self.ticket, kind=MessageKind.OUTBOUND)
        with smtp_sink() as sink, override_settings(SMTP_SEND=("127.0.0.1", sink.port)):
            row = self.receive(mail("I am Ben.", sender=self.cast.ben.email, to=to, vouched="evil.example"))
            run_consumers()
            run_sender("email.outbox")
            assert not [each for each in sink.deliveries if b"I am Ben" in each.raw]
        assert (row.outcome, outbound.count()) == (Outcome.NOT_AGENT, 1)

    def test_a1_5_forged_control_headers_and_results_change_nothing(self) -> None:
        headers = {
            "X-Tugi-Ticket": str(self.ticket.number),
            "X-Tugi-Proof": "session",
            "X-Tugi-Agent": str(self.cast.ben.pk),
            "Authentication-Results": "mx.other.example; dmarc=pass header.from=dora.example",
        }
        row = self.receive(mail(subject=f"[#{self.ticket.number}]", headers=headers))
        self.assertEqual((row.outcome, message_of(row).proof), (Outcome.OPENED, Proof.NONE))

    def test_a1_5_results_in_our_name_count_only_where_our_server_wrote_them(self) -> None:
        """On top where our server delivers, nowhere in what a stranger brings, and never below our own."""
        forged = "mx.acme.example; dmarc=pass header.from=dora.example"
        ours = b"Authentication-Results: mx.acme.example; dmarc=fail header.from=dora.example\r\n"
        subject = f"[#{self.ticket.number}]"
        raw = mail("Below ours.", subject=subject, headers={"Authentication-Results": forged})
        assert self.receive(ours + raw).proof == Proof.NONE
        row = accept_raw(self.mailbox, mail("At the door.", subject=subject, vouched="dora.example"), via=Via.SMTP,
                         peer="203.0.113.9")  # fmt: skip
        take_in(row)
        row.refresh_from_db()
        assert (row.proof, row.outcome) == (Proof.NONE, Outcome.OPENED)

    def test_a1_6_several_authors_are_nobody_for_certain(self) -> None:
        for number, sender in enumerate(
            (
                b"dora@dora.example, evil@evil.example",
                b"team: dora@dora.example, evil@evil.example;",
                b"dora@dora.example\r\nFrom: evil@evil.example",
                b'"evil@evil.example" <dora@dora.example>\r\nFrom: evil@evil.example',
            )
        ):
            head = b"Authentication-Results: mx.acme.example; dmarc=pass header.from=dora.example\r\n"
            body = f"[#{self.ticket.number}]\r\n\r\nNumber {number}".encode()
            row = self.receive(head + b"From: " + sender + b"\r\nSubject: " + body)
            assert (row.proof, row.outcome) == (Proof.NONE, Outcome.OPENED), sender

    def test_a1_6_an_agent_in_reply_to_is_not_the_author(self) -> None:
        row = self.receive(mail(sender=EVIL, headers={"Reply-To": self.cast.ben.email}))
        self.assertEqual(message_of(row).author_address, EVIL)


ADDRESSES = st.one_of(
    st.sampled_from(["dora@dora.example", "ben@acme.example", EVIL]),
    st.sampled_from(
        ['"dora@dora.example" <evil@evil.example>', SUPPORT, "", "<>", "dora@dora.example, evil@evil.example",
         "team: dora@dora.example, evil@evil.example;"]
    ),
)  # fmt: skip
GENUINE = st.sampled_from(
    [("To", "{token}"), ("To", "{agent}"), ("In-Reply-To", "<{own}>"), ("References", "<first@dora.example>"),
     ("Subject", "Re: [#{number}] x")]
)  # fmt: skip
NAMES = st.sampled_from(
    ["Reply-To", "Sender", "Cc", "References", "In-Reply-To", "X-Tugi-Ticket", "X-Tugi-Agent", "From", "To", "Subject",
     "Authentication-Results", "Return-Path", "Delivered-To", "X-Original-Sender", "List-Post", "Auto-Submitted",
     "Message-ID", "Resent-From", "X-Original-To"]
)  # fmt: skip
VALUES = st.sampled_from(
    ["dora@dora.example", EVIL, "Re: [#{number}] x", "<1.r1.aaaaaaaaaaaaaaaaaaaaaaaaaa@acme.example>", "<{own}>",
     "{token}", "{agent}", "support+rb-aaaaaaaaaaaaaaaaaaaaaaaaaa@acme.example", "<first@dora.example>", "auto-replied",
     "mx.evil.example; dmarc=pass header.from=dora.example", "mx.acme.example; dmarc=fail header.from=dora.example",
     "mx.acme.example; dmarc=pass header.from=evil.example", "x\x00y", "=?utf-8?q?dora=40dora.example?=", SUPPORT]
)  # fmt: skip


class NothingWithoutProofTest(HypothesisCase):
    """Whatever a mail says: what becomes public in a ticket came from a proven participant, or a proven agent."""

    mailbox: Mailbox
    ticket: Ticket
    named: dict[str, str]

    @classmethod
    def setUpTestData(cls) -> None:
        cast = make_cast()
        cls.mailbox = make_mailbox(cast.north)
        raw = mail(vouched="dora.example", message_id="<first@dora.example>")
        row = accept_raw(cls.mailbox, raw, via=Via.IMAP)
        take_in(row)
        row.refresh_from_db()
        cls.ticket = message_of(row).ticket
        said = reply(cls.ticket, author=cast.ben, undo_for=timedelta())
        run_consumers()
        sent = OutboundMessage.objects.get(message=said, kind="reply")
        cls.named = {
            "number": str(cls.ticket.number),
            "own": sent.mail_id,
            "token": make_reply_address(SUPPORT, sent.pk),
            "agent": make_agent_reply_address(SUPPORT, AgentToken(cls.ticket.pk, cast.ben.pk)),
        }

    @settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        sender=ADDRESSES,
        headers=st.lists(st.one_of(GENUINE, st.tuples(NAMES, VALUES)), max_size=6),
        vouched=st.sampled_from(["", "dora.example", "evil.example", "acme.example"]),
        peer=st.sampled_from(["", "203.0.113.9"]),
    )
    @example(sender="ben@acme.example", headers=[("To", "{agent}")], vouched="", peer="")
    @example(sender="ben@acme.example", headers=[("To", "{agent}")], vouched="acme.example", peer="203.0.113.9")
    @example(sender="dora@dora.example", headers=[("Subject", "[#{number}]")], vouched="", peer="")
    def test_a1_8_what_is_public_is_proven(
        self, sender: str, headers: list[tuple[str, str]], vouched: str, peer: str
    ) -> None:
        found = VOUCHED.format(domain=vouched) if vouched else "mx.acme.example; dmarc=none header.from=unknown.example"
        # Our own server writes on top of whatever came; nobody does where a stranger comes to our listener.
        ours = [] if peer else [f"Authentication-Results: {found}"]
        written = [f"{name}: {value.format(**self.named)}" for name, value in headers]
        raw = "\r\n".join([*ours, f"From: {sender}", *written, "", "Let me in."]).encode()
        before = Message.objects.filter(ticket=self.ticket).latest("id").pk
        row = accept_raw(self.mailbox, raw, via=Via.SMTP if peer else Via.IMAP, peer=peer)
        take_in(row)
        row.refresh_from_db()

        proofs = {MessageKind.INBOUND: (Proof.SENDER, Proof.TOKEN), MessageKind.OUTBOUND: (Proof.SENDER,)}
        is_vouched_for = bool(vouched) and not peer
        for message in Message.objects.filter(ticket=self.ticket, id__gt=before).exclude(kind=MessageKind.NOTE):
            assert row.proof in proofs[MessageKind(message.kind)]
            assert row.proof != Proof.SENDER or is_vouched_for
            assert message.agent is not None or message.author_address == "dora@dora.example"
        if Participant.objects.filter(ticket=self.ticket).exists():
            assert row.proof in (Proof.SENDER, Proof.TOKEN)
        assert row.proof != Proof.SENDER or is_vouched_for
        assert Ticket.objects.get(pk=self.ticket.pk).contact_id == self.ticket.contact_id
