"""Answers to tickets that are done: reopened, followed by a new ticket, or refused, by mailbox and by age."""

from __future__ import annotations

from datetime import timedelta

from django.test import override_settings

from tests.servers.smtp_sink import smtp_sink
from tugi.channels.email.marks import make_reply_address
from tugi.channels.email.models import LateReply, Mailbox, OutboundMessage, Outcome, RawMail
from tugi.channels.email.testing import SUPPORT, MailTest, mail, message_of
from tugi.core import clock
from tugi.events import actors
from tugi.events.testing import run_consumers, run_sender
from tugi.tickets import actions
from tugi.tickets.models import Category, Ticket
from tugi.tickets.testing import assert_events, status


class LateReplyTest(MailTest):
    def setUp(self) -> None:
        self.ticket = self.open_ticket()
        self.to = make_reply_address(SUPPORT, self.answer(self.ticket).pk)

    def close(self, days_ago: int, category: Category = Category.CLOSED, **policy: object) -> None:
        actions.change_status(self.ticket.pk, to=status(category), actor=actors.agent(self.cast.ben.pk))
        Ticket.objects.filter(pk=self.ticket.pk).update(resolved_at=clock.now() - timedelta(days=days_ago))
        Mailbox.objects.filter(pk=self.mailbox.pk).update(**policy)

    def answer_late(self, **headers: str) -> RawMail:
        row = self.receive(mail(to=self.to, subject="", headers=headers))
        self.ticket.refresh_from_db()
        return row

    def test_an_answer_within_thirty_days_reopens(self) -> None:
        for category in (Category.RESOLVED, Category.CLOSED):
            self.close(29, category)
            row = self.answer_late()
            assert (row.outcome, self.ticket.status.category) == (Outcome.JOINED, Category.OPEN)

    def test_a_later_one_opens_a_ticket_that_names_the_old_one(self) -> None:
        self.close(30)
        row = self.answer_late()
        later = message_of(row).ticket
        assert (row.outcome, self.ticket.status.category) == (Outcome.OPENED, Category.CLOSED)
        assert (later.subject, later.contact, later.department) == (
            "Cannot sign in",
            self.cast.dora,
            self.ticket.department,
        )
        assert_events(later, "ticket.opened", "message.received", "ticket.follows")
        assert self.kinds()[-1] == "ticket.followed_up"

    def test_an_answer_to_the_later_ticket_joins_that_one(self) -> None:
        self.close(30)
        later = message_of(self.answer_late()).ticket
        row = self.receive(mail(to=make_reply_address(SUPPORT, self.answer(later).pk)))
        assert (row.outcome, message_of(row).ticket) == (Outcome.JOINED, later)

    def test_the_mailbox_says_after_how_many_days(self) -> None:
        self.close(0, late_after_days=0)
        assert self.answer_late().outcome == Outcome.OPENED

    def test_a_mailbox_may_reopen_whatever_the_age(self) -> None:
        self.close(900, late_reply=LateReply.REOPEN)
        assert (self.answer_late().outcome, self.ticket.status.category) == (Outcome.JOINED, Category.OPEN)

    def test_a_machine_reopens_and_opens_nothing(self) -> None:
        for policy in LateReply:
            self.close(900, late_reply=policy)
            row = self.answer_late(**{"Auto-Submitted": "auto-replied", "X-Policy": policy})
            assert (row.outcome, message_of(row).ticket) == (Outcome.JOINED, self.ticket)
            assert self.ticket.status.category == Category.CLOSED

    def test_a_third_party_leaves_a_note_and_reopens_nothing(self) -> None:
        self.close(900)
        row = self.receive(mail(sender="Eve <eve@evil.example>", to=self.to))
        self.ticket.refresh_from_db()
        assert (row.outcome, self.ticket.status.category) == (Outcome.THIRD_PARTY, Category.CLOSED)

    def test_a_refused_one_changes_nothing_and_its_sender_is_told(self) -> None:
        self.close(30, late_reply=LateReply.REFUSE)
        with smtp_sink() as sink, override_settings(SMTP_SEND=("127.0.0.1", sink.port)):
            row = self.answer_late()
            run_consumers()
            run_sender("email.outbox")
            told = sink.to("dora@dora.example")[-1].message
        assert (row.outcome, row.message, Ticket.objects.count()) == (Outcome.REFUSED, None, 1)
        assert self.ticket.status.category == Category.CLOSED
        assert "ticket.reply_refused" in self.kinds()
        assert f"please write a new message to {SUPPORT}" in told.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        assert (told["Auto-Submitted"], told["Reply-To"], told["References"]) == ("auto-replied", None, None)

    def test_an_answer_to_the_refusal_is_a_new_request(self) -> None:
        self.close(30, late_reply=LateReply.REFUSE)
        self.answer_late()
        run_consumers()
        refusal = OutboundMessage.objects.get(kind="refusal")
        row = self.receive(
            mail(
                vouched="dora.example",
                subject=f"Re: {refusal.subject}",
                headers={"In-Reply-To": f"<{refusal.mail_id}>"},
            )
        )
        assert (row.outcome, message_of(row).ticket.number != self.ticket.number) == (Outcome.OPENED, True)

    def test_refusals_are_counted_with_all_that_machines_send(self) -> None:
        self.close(30, late_reply=LateReply.REFUSE)
        for number in range(9):
            self.receive(mail(f"Number {number}", to=self.to))
        run_consumers()
        assert OutboundMessage.objects.exclude(kind="reply").count() == 5

    def kinds(self) -> list[str]:
        from tugi.events.models import Event

        return list(Event.objects.of_ticket(self.ticket.pk).values_list("kind", flat=True))


class GoneOwnerTest(MailTest):
    def test_the_answer_to_an_agent_who_has_left_takes_the_ticket_from_them(self) -> None:
        ticket = self.open_ticket()
        to = make_reply_address(SUPPORT, self.answer(ticket).pk)
        ticket.refresh_from_db()
        assert ticket.assignee == self.cast.ben
        self.cast.ben.is_active = False
        self.cast.ben.save()
        self.receive(mail(to=to, headers={"Auto-Submitted": "auto-replied"}))
        ticket.refresh_from_db()
        assert ticket.assignee == self.cast.ben
        self.receive(mail(to=to))
        ticket.refresh_from_db()
        assert ticket.assignee is None
