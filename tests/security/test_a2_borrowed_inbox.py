"""A2: the support address as somebody else's inbox, for codes that services send ("ticket trick")."""

from __future__ import annotations

from django.test import override_settings
from django.urls import reverse

from tests.servers.smtp_sink import smtp_sink
from tugi.channels.email.marks import make_reply_address
from tugi.channels.email.models import Outcome, RawMail
from tugi.channels.email.testing import SUPPORT, MailTest, mail, message_of
from tugi.events.testing import run_consumers, run_sender
from tugi.tickets import actions
from tugi.tickets.models import Message, MessageKind, Participant, Ticket

CODE = "Your confirmation code is 471-199."
SLACK = "Slack <no-reply@slack.example>"


class BorrowedInboxTest(MailTest):
    def setUp(self) -> None:
        self.ticket = self.open_ticket()
        self.to = make_reply_address(SUPPORT, self.answer(self.ticket).pk)

    def send_code(self, **options: object) -> RawMail:
        wanted = {"sender": SLACK, "to": self.to, "vouched": "slack.example", **options}
        return self.receive(mail(CODE, **wanted))  # type: ignore[arg-type]

    def assert_held(self, row: RawMail, ticket: Ticket | None = None) -> None:
        """In no mail, on no page of the customer's; the desk has it."""
        where = ticket or self.ticket
        assert (row.outcome, message_of(row).kind) == (Outcome.THIRD_PARTY, MessageKind.NOTE)
        assert not Message.objects.filter(ticket=where, text__contains="471-199").public().exists()
        with smtp_sink() as sink, override_settings(SMTP_SEND=("127.0.0.1", sink.port)):
            self.answer(where, "Anything else?")
            run_consumers()
            run_sender("email.outbox")
            assert sink.deliveries
            assert not [each for each in sink.deliveries if b"471-199" in each.raw]
        key = actions.make_link(where.pk, contact_id=where.contact_id)
        assert "471-199" not in self.client.get(reverse("portal:ticket", args=[key])).content.decode()

    def test_a2_1_a_code_to_the_tickets_address_is_held(self) -> None:
        self.assert_held(self.send_code())

    def test_a2_1_also_if_the_service_was_made_a_participant(self) -> None:
        self.receive(mail("Copying Slack.", to=self.to, headers={"Cc": SLACK}))
        assert Participant.objects.filter(ticket=self.ticket).exists()
        self.assert_held(self.send_code())

    def test_a2_1_also_if_the_ticket_was_opened_in_the_services_name(self) -> None:
        opened = self.receive(mail("Hello", sender=SLACK, headers={"Cc": "evil@evil.example"}))
        ticket = message_of(opened).ticket
        to = make_reply_address(SUPPORT, self.answer(ticket).pk)
        row = self.send_code(to=to)
        assert (row.outcome, message_of(row).kind) == (Outcome.THIRD_PARTY, MessageKind.NOTE)

    def test_a2_1_also_if_the_service_hides_that_it_is_a_machine_but_marks_the_mail(self) -> None:
        self.receive(mail("Copying them.", to=self.to, headers={"Cc": "feedback@slack.example"}))
        row = self.send_code(sender="feedback@slack.example", headers={"Auto-Submitted": "auto-generated"})
        self.assert_held(row)

    def test_a2_1_a_machine_that_has_a_ticket_to_itself_goes_on_in_it(self) -> None:
        opened = self.receive(mail("Disk full", sender="no-reply@monitor.example", message_id="<m1@monitor.example>"))
        ticket = message_of(opened).ticket
        to = make_reply_address(SUPPORT, self.answer(ticket).pk)
        row = self.receive(mail("Disk fine", sender="no-reply@monitor.example", to=to))
        assert (row.outcome, message_of(row).ticket) == (Outcome.JOINED, ticket)

    def test_a2_1_a_code_to_the_plain_address_is_a_ticket_of_the_service(self) -> None:
        row = self.send_code(to=SUPPORT)
        assert message_of(row).ticket != self.ticket
        assert not message_of(row).ticket.participants.exists()

    def test_a2_3_and_a2_4_keys_to_the_desk_are_in_no_mail_that_threads(self) -> None:
        """Links for agents leave by no mail at all so far; one that comes in is withheld (`test_own_links.py`)."""
        from tugi.channels.email.models import OutboundKind

        assert {kind.value for kind in OutboundKind} == {"reply", "acknowledgement", "refusal"}
