from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

from django.test import override_settings

from tests.servers.smtp_sink import Delivery, SmtpSink, smtp_sink
from tugi.channels.email.compose import compose
from tugi.channels.email.models import OutboundKind, OutboundMessage
from tugi.channels.email.testing import MailTest, mail, message_of
from tugi.core import blobs, clock
from tugi.core.models import DeskSettings
from tugi.core.reasons import tell
from tugi.core.testing import at
from tugi.events import actors
from tugi.events.testing import run_consumers, run_sender
from tugi.people.models import Contact, Identity
from tugi.tickets import actions
from tugi.tickets.models import Delivery as State
from tugi.tickets.models import Message
from tugi.tickets.testing import assert_events, make_file, make_ticket, note, reply

PLAIN_HEADERS = {
    "from", "to", "reply-to", "subject", "date", "message-id", "in-reply-to", "references", "mime-version",
    "content-type",
}  # fmt: skip


def send_all() -> None:
    run_consumers()
    run_sender("email.outbox")
    run_consumers()


class SendingTest(MailTest):
    sink: SmtpSink

    def setUp(self) -> None:
        self.sink = self.enterContext(smtp_sink())
        self.enterContext(override_settings(SMTP_SEND=("127.0.0.1", self.sink.port)))

    def test_a_reply_reaches_the_customers_server_with_its_thread(self) -> None:
        ticket = self.open_ticket(message_id="<first@dora.example>")
        row = self.answer(ticket)
        send_all()
        delivery = self.written()[-1]
        sent = delivery.message
        self.assertRegex(delivery.sender, r"^support\+b[a-z2-7]+-[a-z2-7]{26}@acme\.example$")
        self.assertEqual(delivery.recipients, ("dora@dora.example",))
        self.assertEqual(sent["Message-ID"], f"<{row.mail_id}>")
        self.assertEqual(sent["In-Reply-To"], "<first@dora.example>")
        self.assertIn("<first@dora.example>", sent["References"])
        self.assertEqual(sent["Subject"], f"Re: [#{ticket.number}] Cannot sign in")
        self.assertIn("Ben North", sent["From"])
        self.assertIn("support+r", sent["Reply-To"])
        self.assertIsNone(sent["Auto-Submitted"])

    def test_text_and_html_say_the_same_and_quote_what_is_answered(self) -> None:
        self.answer(self.open_ticket(), "Try <b> once more.")
        send_all()
        text, html = self.parts()
        self.assertIn("Try <b> once more.", text)
        self.assertIn("> Hello, I cannot sign in", text)
        self.assertIn("Try &lt;b&gt; once more.", html)
        self.assertIn("<blockquote", html)
        self.assertIn("/t/", text)

    def test_what_is_answered_bears_the_hour_of_the_customers_clock(self) -> None:
        for own, shown in (("", "11:00"), ("Asia/Tokyo", "18:00")):
            DeskSettings.objects.update_or_create(id=1, defaults={"time_zone": "Europe/Tallinn"})
            Contact.objects.filter(pk=self.cast.dora.pk).update(time_zone=own)
            with self.subTest(own), at("2026-11-23T09:00:00+00:00"):
                self.answer(self.open_ticket())
                send_all()
                self.assertIn(f"23 November 2026, {shown}, Dora Customer wrote:", self.parts()[0])

    def test_unusual_addresses_are_written_to_as_they_are(self) -> None:
        for address in ("dora..customer.@dora.example", "дора@dora.example", '"dora customer"@dora.example'):
            Identity.objects.filter(contact=self.cast.dora).update(value=address)
            with self.subTest(address):
                row = self.answer(make_ticket(self.cast.north, self.cast.dora))
                mail = compose(row, link="")
                self.assertEqual(mail.recipients, [address])
                self.assertIn(f"To: {address}\r\n".encode(), mail.raw)

    def test_a_reply_whose_file_is_gone_fails_at_once_and_says_so(self) -> None:
        file = make_file("plan.txt", b"the plan")
        said = reply(self.open_ticket(), author=self.cast.ben, files=[file], undo_for=timedelta())
        blobs.delete(file.sha256)
        send_all()
        said.refresh_from_db()
        self.assertEqual(said.delivery, State.FAILED)
        self.assertEqual(tell(said.delivery_error), "A file of this reply is gone from the store.")

    def test_notes_are_never_quoted(self) -> None:
        ticket = self.open_ticket()
        note(ticket, "CANARY of the desk", author=self.cast.ben)
        self.answer(ticket)
        send_all()
        self.assertNotIn("CANARY", str(self.last()))

    def test_the_reply_is_sent_once_and_marked_so(self) -> None:
        ticket = self.open_ticket()
        row = self.answer(ticket)
        send_all()
        send_all()
        self.assertEqual(len(self.replies()), 1)
        row.refresh_from_db()
        self.assertIsNotNone(row.sent_at)
        self.assertEqual(Message.objects.get(pk=row.message_id or 0).delivery, State.SENT)

    def test_a_withdrawn_reply_never_leaves(self) -> None:
        ticket = self.open_ticket()
        said = reply(ticket, author=self.cast.ben)
        run_consumers()
        actions.withdraw_reply(said.pk, actor=actors.agent(self.cast.ben.pk))
        OutboundMessage.objects.update(due_at=clock.now())
        send_all()
        self.assertEqual(self.replies(), [])
        self.assertEqual(OutboundMessage.objects.get(kind="reply").state, OutboundMessage.State.CANCELLED)

    def test_the_sender_asks_the_ticket_even_if_the_row_was_not_cancelled_yet(self) -> None:
        ticket = self.open_ticket()
        said = reply(ticket, author=self.cast.ben)
        run_consumers()
        actions.withdraw_reply(said.pk, actor=actors.agent(self.cast.ben.pk))
        OutboundMessage.objects.update(due_at=clock.now())
        run_sender("email.outbox")
        self.assertEqual(self.replies(), [])

    def test_it_waits_for_the_undo_window(self) -> None:
        reply(self.open_ticket(), author=self.cast.ben, undo_for=timedelta(minutes=5))
        send_all()
        self.assertEqual(self.replies(), [])

    def test_a_permanent_refusal_stands_at_the_message_and_can_be_retried(self) -> None:
        self.sink.refused = {"dora@dora.example": "550 5.1.1 No such user"}
        row = self.answer(self.open_ticket())
        send_all()
        message = Message.objects.get(pk=row.message_id or 0)
        self.assertEqual(message.delivery, State.FAILED)
        self.assertIn("550 5.1.1 No such user", tell(message.delivery_error))
        self.sink.refused = {}
        actions.retry_delivery(message.pk, actor=actors.agent(self.cast.ben.pk))
        send_all()
        self.assertEqual(self.last()["Message-ID"], f"<{row.mail_id}>")
        message.refresh_from_db()
        self.assertEqual(message.delivery, State.SENT)

    def test_a_temporary_refusal_is_tried_again_later(self) -> None:
        self.sink.answers = ["451 4.7.1 Come back later"]
        row = self.answer(self.open_ticket())
        send_all()
        row.refresh_from_db()
        self.assertEqual(row.state, OutboundMessage.State.DUE)
        self.assertGreater(row.due_at, clock.now() + timedelta(seconds=50))
        self.assertIn("451 4.7.1", tell(row.last_error))
        message = Message.objects.get(pk=row.message_id or 0)
        self.assertEqual(message.delivery, State.SENDING)
        self.sign_in(self.cast.ben)
        page = self.client.get(f"/tickets/{message.ticket.number}")
        self.assertContains(page, "It will be sent again. 451 4.7.1 Come back later")
        self.assertContains(page, "message__state--warning")
        self.assertNotContains(page, "Mail settings")
        self.sign_in(self.cast.ada)
        self.assertContains(self.client.get(f"/tickets/{message.ticket.number}"), "Mail settings")

    def test_the_mail_settings_say_how_sending_goes(self) -> None:
        self.sign_in(self.cast.ada)
        self.assertContains(self.client.get("/settings/mail"), "Nothing sent yet")
        ticket = self.open_ticket()
        self.answer(ticket)
        send_all()
        self.assertContains(self.client.get("/settings/mail"), "last sent")
        self.sink.answers = ["451 4.7.1 Come back later"]
        self.answer(ticket, "And once more.")
        send_all()
        self.assertContains(self.client.get("/settings/mail"), "451 4.7.1 Come back later")
        with override_settings(SMTP_SEND=None):
            OutboundMessage.objects.update(last_error="")
            self.assertContains(self.client.get("/settings/mail"), "No server")

    def test_without_any_server_it_says_so_and_works_after_the_settings_changed(self) -> None:
        row = self.answer(self.open_ticket())
        with override_settings(SMTP_SEND=None):
            send_all()
        message = Message.objects.get(pk=row.message_id or 0)
        self.assertEqual(message.delivery, State.FAILED)
        self.assertIn("has no server to send through", tell(message.delivery_error))
        actions.retry_delivery(message.pk, actor=actors.agent(self.cast.ben.pk))
        send_all()
        message.refresh_from_db()
        self.assertEqual(message.delivery, State.SENT)

    def test_a_refused_cc_does_not_hold_the_rest_up(self) -> None:
        self.sink.refused = {"gone@cc.example": "550 gone"}
        ticket = self.open_ticket()
        said = reply(ticket, author=self.cast.ben, undo_for=timedelta(), cc=("gone@cc.example",))
        send_all()
        said.refresh_from_db()
        self.assertEqual(said.delivery, State.SENT)
        self.assertIn("gone@cc.example: 550 gone", tell(said.delivery_error))

    def test_another_try_goes_to_those_alone_who_did_not_get_it(self) -> None:
        self.sink.refused = {"gone@cc.example": "550 gone"}
        said = reply(self.open_ticket(), author=self.cast.ben, undo_for=timedelta(), cc=("gone@cc.example",))
        send_all()
        self.sink.refused = {}
        actions.retry_delivery(said.pk, actor=actors.agent(self.cast.ben.pk))
        send_all()
        self.assertEqual(self.written()[-1].recipients, ("gone@cc.example",))
        self.assertEqual(len([each for each in self.written() if "dora@dora.example" in each.recipients]), 1)
        said.refresh_from_db()
        self.assertEqual((said.delivery, said.delivery_error), (State.SENT, ""))

    def test_who_has_it_has_it_even_if_the_other_refuses_for_good(self) -> None:
        self.sink.refused = {"gone@cc.example": "550 gone"}
        said = reply(self.open_ticket(), author=self.cast.ben, undo_for=timedelta(), cc=("gone@cc.example",))
        send_all()
        actions.retry_delivery(said.pk, actor=actors.agent(self.cast.ben.pk))
        send_all()
        said.refresh_from_db()
        self.assertEqual((said.delivery, tell(said.delivery_error)), (State.SENT, "gone@cc.example: 550 gone"))

    def test_another_try_goes_to_the_contacts_present_address(self) -> None:
        self.sink.refused = {"dora@dora.example": "550 5.1.1 No such user"}
        row = self.answer(self.open_ticket())
        send_all()
        Identity.objects.filter(value="dora@dora.example").update(value="dora@new.example", undeliverable_at=None)
        actions.retry_delivery(row.message_id or 0, actor=actors.agent(self.cast.ben.pk))
        send_all()
        self.assertEqual(self.written()[-1].recipients, ("dora@new.example",))
        self.assertEqual(self.last()["To"], "dora@new.example")
        self.assertEqual(self.last()["Message-ID"], f"<{row.mail_id}>")

    def test_another_try_never_goes_to_an_address_that_is_known_dead(self) -> None:
        self.sink.refused = {"dora@dora.example": "550 5.1.1 No such user"}
        row = self.answer(self.open_ticket())
        send_all()
        add = Identity.objects.create
        add(contact=self.cast.dora, kind="email", value="dora@older.example", undeliverable_at=clock.now())
        Identity.objects.filter(value="dora@dora.example").update(undeliverable_at=clock.now())
        Identity.objects.filter(value="dora@older.example").update(undeliverable_at=clock.now() - timedelta(days=900))
        self.sink.refused = {}
        actions.retry_delivery(row.message_id or 0, actor=actors.agent(self.cast.ben.pk))
        send_all()
        self.assertEqual(self.written()[-1].recipients, ("dora@dora.example",))

    def test_the_link_is_left_out_where_others_would_read_it(self) -> None:
        reply(self.open_ticket(), author=self.cast.ben, undo_for=timedelta(), cc=("eve@cc.example",))
        send_all()
        self.assertNotIn("/t/", self.parts()[0])

    def test_files_and_pictures_travel_with_their_bytes_and_names(self) -> None:
        files = [
            make_file("naïve отчёт.txt", b"\xd0\x90 text\r\n", "text/plain"),
            make_file("pic.png", b"\x89PNG...", "image/png", content_id="pic1"),
        ]
        ticket = self.open_ticket()
        html = '<p>See <img src="cid:pic1"></p>'
        reply(ticket, "See", html=html, files=files, author=self.cast.ben, undo_for=timedelta())
        send_all()
        attached = next(iter(self.last().iter_attachments()))
        self.assertEqual(attached.get_filename(), "naïve отчёт.txt")
        self.assertEqual(attached.get_content(), b"\xd0\x90 text\r\n")
        picture = next(part for part in self.last().walk() if part["Content-ID"] == "<pic1>")
        self.assertEqual(picture.get_content(), b"\x89PNG...")

    def test_line_breaks_in_names_and_subjects_add_no_header(self) -> None:
        evil = "x\r\nBcc: victim@x.example\u2028Bcc: a@b\u0085\nBcc: c@d"
        self.mailbox.display_name = evil
        self.mailbox.save()
        row = self.answer(self.open_ticket())
        OutboundMessage.objects.filter(pk=row.pk).update(subject=evil)
        Message.objects.filter(pk=row.message_id or 0).update(author_name=evil)
        make_file(evil)
        send_all()
        sent = self.last()
        self.assertIsNone(sent["Bcc"])
        self.assertEqual({name.lower() for name in sent}, PLAIN_HEADERS)

    def test_an_answer_to_the_reply_joins_the_ticket(self) -> None:
        ticket = self.open_ticket()
        row = self.answer(ticket)
        answered = self.receive(mail("Yes, that helped.", headers={"In-Reply-To": f"<{row.mail_id}>"}))
        self.assertEqual(message_of(answered).ticket, ticket)
        assert_events(
            ticket,
            "ticket.opened",
            "message.received",
            "message.reply_written",
            "ticket.status_changed",
            "ticket.assigned",
            "message.received",
        )

    def replies(self) -> list[str]:
        return [delivery.message["Subject"] for delivery in self.written()]

    def written(self) -> list[Delivery]:
        """What people wrote: the acknowledgement is not of this test."""
        return [each for each in self.sink.deliveries if each.message["Auto-Submitted"] is None]

    def last(self) -> EmailMessage:
        return self.written()[-1].message

    def parts(self) -> tuple[str, str]:
        text = self.last().get_body(("plain",))
        html = self.last().get_body(("html",))
        assert text is not None
        assert html is not None
        return text.get_content(), html.get_content()


class KindsTest(MailTest):
    def test_one_row_however_often_the_fact_is_read(self) -> None:
        row = self.answer(self.open_ticket())
        self.assertEqual(OutboundMessage.objects.filter(kind=OutboundKind.REPLY).count(), 1)
        self.assertEqual(row.to, ["dora@dora.example"])
