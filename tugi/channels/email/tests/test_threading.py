"""Which ticket a mail joins: the strongest sign first, and what each sign is worth for whom."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.policy import SMTP

from tugi.channels.email.compose import compose
from tugi.channels.email.marks import OwnId, make_message_id, make_reply_address, read_message_id
from tugi.channels.email.models import OutboundMessage, Outcome, RawMail
from tugi.channels.email.testing import SUPPORT, MailTest, mail, make_mailbox, message_of
from tugi.core import clock
from tugi.events import actors
from tugi.events.testing import run_consumers
from tugi.tickets import actions
from tugi.tickets.models import Category, Message, MessageKind, Participant, Proof, Ticket
from tugi.tickets.testing import content, merge, status

EVIL = "Eve <evil@evil.example>"


class ThreadingTest(MailTest):
    def setUp(self) -> None:
        self.ticket = self.open_ticket(message_id="<first@dora.example>")
        self.row = self.answer(self.ticket)
        self.reply_address = make_reply_address(SUPPORT, self.row.pk)

    def test_the_signed_reply_address_of_a_participant_joins(self) -> None:
        row = self.receive(mail(to=self.reply_address))
        self.assert_joined(row, Proof.TOKEN)

    def test_case_does_not_matter_in_the_reply_address(self) -> None:
        self.assert_joined(self.receive(mail(to=self.reply_address.upper())), Proof.TOKEN)

    def test_revoking_the_links_voids_what_was_sent_with_them(self) -> None:
        OutboundMessage.objects.filter(pk=self.row.pk).update(sent_at=clock.now())
        actions.revoke_links(self.ticket.pk, actor=actors.agent(self.cast.ben.pk))
        run_consumers()

        by_address = self.receive(mail(to=self.reply_address))
        by_id = self.receive(mail(headers={"In-Reply-To": f"<{self.row.mail_id}>"}))

        assert (by_address.outcome, by_id.outcome) == (Outcome.OPENED, Outcome.OPENED)

    def test_revoking_the_links_voids_what_leads_here_from_merged_tickets(self) -> None:
        OutboundMessage.objects.filter(pk=self.row.pk).update(sent_at=clock.now())
        target = self.open_ticket(subject="The older one")
        merge(self.ticket, into=target, agent=self.cast.ben)
        actions.revoke_links(target.pk, actor=actors.agent(self.cast.ben.pk))
        run_consumers()

        assert self.receive(mail(to=self.reply_address)).outcome == Outcome.OPENED

    def test_our_own_message_id_joins(self) -> None:
        row = self.receive(mail(headers={"References": f"<x@y> <{self.row.mail_id}> <z@y>"}))
        self.assert_joined(row, Proof.TOKEN)

    def test_what_we_sent_is_folded_though_nothing_marks_it(self) -> None:
        ours = "Have you tried it again? Please tell us which browser you use and what it says."
        row = self.answer(self.ticket, ours)
        joined = self.receive(mail(f"Firefox, it says nothing.\n\n{ours}", headers={"In-Reply-To": f"<{row.mail_id}>"}))
        message = message_of(joined)
        assert (message.text, message.quoted_text) == ("Firefox, it says nothing.", ours)
        assert ours not in message.html

    def test_the_reply_address_is_stronger_than_a_message_id(self) -> None:
        other = self.answer(self.open_ticket(subject="Another thing"))
        row = self.receive(mail(to=self.reply_address, headers={"In-Reply-To": f"<{other.mail_id}>"}))
        self.assert_joined(row, Proof.TOKEN)

    def test_in_reply_to_and_the_newest_reference_come_first(self) -> None:
        other = self.answer(self.open_ticket(subject="Another thing"))
        row = self.receive(mail(headers={"References": f"<{other.mail_id}> <{self.row.mail_id}>"}))
        self.assert_joined(row, Proof.TOKEN)

    def test_a_known_foreign_id_joins_for_a_vouched_for_participant_only(self) -> None:
        named = {"References": "<first@dora.example>"}
        self.assert_joined(self.receive(mail(headers=named, vouched="dora.example")), Proof.SENDER)
        self.assert_opened(self.receive(mail(headers=named)))
        self.assert_opened(self.receive(mail(headers=named, sender=EVIL, vouched="evil.example")))

    def test_the_number_joins_for_a_vouched_for_participant_only(self) -> None:
        subject = f"AW: Re: [#{self.ticket.number}] Cannot sign in"
        self.assert_joined(self.receive(mail(subject=subject, vouched="dora.example")), Proof.SENDER)
        self.assert_opened(self.receive(mail(subject=subject)))
        self.assert_opened(self.receive(mail(subject=subject, sender=EVIL, vouched="evil.example")))

    def test_a_token_in_other_hands_leaves_an_internal_note(self) -> None:
        row = self.receive(mail("I got this forwarded.", sender=EVIL, to=self.reply_address))
        note = message_of(row)
        self.assertEqual(row.outcome, Outcome.THIRD_PARTY)
        self.assertEqual((note.kind, note.ticket), (MessageKind.NOTE, self.ticket))
        self.ticket.refresh_from_db()
        self.assertEqual(self.ticket.contact, self.cast.dora)
        self.assertFalse(Participant.objects.filter(ticket=self.ticket).exists())
        self.assertNotIn(note, Message.objects.filter(ticket=self.ticket).public())
        self.assertTrue(self.ticket.is_unread)

    def test_a_removed_participant_is_another_one(self) -> None:
        emil = self.cast.emil
        Participant.objects.create(ticket=self.ticket, contact=emil, added_at=clock.now(), removed_at=clock.now())
        row = self.receive(mail(sender="emil@emil.example", to=self.reply_address, headers={"Cc": EVIL}))
        self.assertEqual(row.outcome, Outcome.THIRD_PARTY)

    def test_a_revoked_row_is_no_token(self) -> None:
        OutboundMessage.objects.update(reply_revoked=True)
        self.assert_opened(self.receive(mail(to=self.reply_address)))
        self.assert_opened(self.receive(mail(headers={"In-Reply-To": f"<{self.row.mail_id}>"})))

    def test_a_merged_ticket_leads_to_its_target(self) -> None:
        target = self.open_ticket(subject="The older one")
        merge(self.ticket, into=target, agent=self.cast.ben)
        row = self.receive(mail(to=self.reply_address))
        self.assertEqual((row.outcome, message_of(row).ticket), (Outcome.JOINED, target))

    def test_who_was_removed_from_the_target_does_not_come_back_through_the_merged_ticket(self) -> None:
        opened = self.receive(mail(sender="Emil <emil@emil.example>", subject="The older one"))
        target = message_of(opened).ticket
        merge(self.ticket, into=target, agent=self.cast.ben)
        actions.remove_participant(target.pk, self.cast.dora.pk, actor=actors.agent(self.cast.ben.pk))

        row = self.receive(mail(to=self.reply_address))

        assert row.outcome == Outcome.THIRD_PARTY

    def test_a_second_merge_is_no_way_in_for_who_was_removed(self) -> None:
        target, last = (message_of(self.receive(mail(sender="Emil <emil@emil.example>"))).ticket for _ in range(2))
        merge(self.ticket, into=target, agent=self.cast.ben)
        actions.remove_participant(target.pk, self.cast.dora.pk, actor=actors.agent(self.cast.ben.pk))
        merge(target, into=last, agent=self.cast.ben)

        row = self.receive(mail(to=self.reply_address))

        assert row.outcome == Outcome.THIRD_PARTY

    def test_who_took_part_in_the_merged_ticket_alone_joins_its_target(self) -> None:
        Participant.objects.create(ticket=self.ticket, contact=self.cast.emil, added_at=clock.now())
        target = self.open_ticket(subject="The older one")
        merge(self.ticket, into=target, agent=self.cast.ben)
        Participant.objects.filter(ticket=target).delete()

        row = self.receive(mail(sender="emil@emil.example", to=self.reply_address))

        assert (row.outcome, message_of(row).ticket) == (Outcome.JOINED, target)

    def test_a_ticket_of_another_mailbox_is_not_found(self) -> None:
        sales = make_mailbox(self.cast.north, "sales@acme.example")
        named = {"In-Reply-To": f"<{self.row.mail_id}>", "References": "<first@dora.example>"}
        row = self.receive(mail(headers=named, vouched="dora.example"), mailbox=sales)
        self.assert_opened(row)

    def test_a_forward_of_our_mail_to_another_mailbox_is_a_new_ticket(self) -> None:
        sales = make_mailbox(self.cast.north, "sales@acme.example")
        text = f"Is this for you?\n\n---- Forwarded message ----\nFrom: {SUPPORT}\nTo: {self.reply_address}\n\nHello"
        subject = f"Fwd: [#{self.ticket.number}] Cannot sign in"
        raw = mail(text, to="sales@acme.example", subject=subject, headers={"References": f"<{self.row.mail_id}>"})
        row = self.receive(raw, mailbox=sales)
        self.assert_opened(row)
        self.assertEqual(message_of(row).ticket.mailbox_link.mailbox, sales)

    def test_a_token_of_a_ticket_that_is_gone_opens_a_new_one(self) -> None:
        gone = make_reply_address(SUPPORT, self.row.pk + 1000)
        self.assert_opened(self.receive(mail(to=gone)))

    def test_our_mark_in_references_joins_where_a_provider_changed_our_message_id(self) -> None:
        sent = message_from_bytes(compose(self.row, link="").raw, policy=SMTP)
        mark = sent["References"].split()[0]
        answer = {
            "In-Reply-To": "<0102-abc@email.provider.example>",
            "References": f"{mark} <0102-abc@provider.example>",
        }
        self.assert_joined(self.receive(mail(headers=answer)), Proof.TOKEN)
        OutboundMessage.objects.update(reply_revoked=True)
        self.assert_opened(self.receive(mail("Again.", headers=answer)))

    def test_an_answer_to_an_internal_note_is_internal(self) -> None:
        note = self.receive(mail("I got this.", sender=EVIL, to=self.reply_address, message_id="<eve@evil.example>"))
        self.assertEqual(note.outcome, Outcome.THIRD_PARTY)
        answer = {"In-Reply-To": "<eve@evil.example>", "References": f"<{self.row.mail_id}> <eve@evil.example>"}
        row = self.receive(mail("Who are you?", to=self.reply_address, headers={**answer, "Cc": "more@x.example"}))
        self.assertEqual((row.outcome, message_of(row).kind), (Outcome.INTERNAL, MessageKind.NOTE))
        self.assertFalse(Participant.objects.filter(ticket=self.ticket).exists())

    def test_an_answer_to_ours_below_a_note_is_public(self) -> None:
        self.receive(mail("I got this.", sender=EVIL, to=self.reply_address, message_id="<eve@evil.example>"))
        answer = {"In-Reply-To": f"<{self.row.mail_id}>", "References": f"<eve@evil.example> <{self.row.mail_id}>"}
        self.assert_joined(self.receive(mail(headers=answer)), Proof.TOKEN)

    def test_an_old_cc_does_not_bring_back_who_was_removed(self) -> None:
        copied = {"Cc": "Emil <emil@emil.example>"}
        self.receive(mail(to=self.reply_address, headers=copied))
        actions.remove_participant(self.ticket.pk, self.cast.emil.pk, actor=actors.agent(self.cast.ben.pk))
        self.receive(mail("And again.", to=self.reply_address, headers=copied))
        self.assertFalse(Participant.objects.filter(ticket=self.ticket, removed_at=None).exists())

    def test_at_most_fifty_people_take_part(self) -> None:
        crowd = ", ".join(f"p{number}@crowd.example" for number in range(200))
        self.receive(mail(to=self.reply_address, headers={"Cc": crowd}))
        self.receive(mail("More.", to=self.reply_address, headers={"Cc": crowd.replace("@crowd", "@second")}))
        self.assertEqual(Participant.objects.filter(ticket=self.ticket).count(), 50)

    def test_a_customer_reopens_and_a_machine_does_not(self) -> None:
        for headers, category in (
            ({"Auto-Submitted": "auto-replied"}, Category.RESOLVED),
            ({}, Category.OPEN),
        ):
            actions.change_status(self.ticket.pk, to=status(Category.RESOLVED), actor=actors.agent(self.cast.ben.pk))
            row = self.receive(mail(to=self.reply_address, headers=headers))
            self.assertEqual(message_of(row).is_automatic, bool(headers))
            self.ticket.refresh_from_db()
            self.assertEqual(self.ticket.status.category, category)

    def test_cc_of_a_proven_participant_takes_part_from_then_on(self) -> None:
        self.receive(mail(to=self.reply_address, headers={"Cc": "Emil <emil@emil.example>"}))
        self.assertEqual(Participant.objects.get(ticket=self.ticket).contact, self.cast.emil)
        self.assertEqual(self.answer(self.ticket).cc, [])
        said = actions.reply(
            self.ticket.pk,
            content("To both of you."),
            author=self.cast.ben,
            undo_for=timedelta(),
            actor=actors.agent(self.cast.ben.pk),
        )
        run_consumers()
        self.assertEqual(OutboundMessage.objects.get(message=said, kind="reply").cc, ["emil@emil.example"])

    def assert_joined(self, row: RawMail, proof: Proof) -> None:
        message = message_of(row)
        self.assertEqual((row.outcome, message.ticket, message.proof), (Outcome.JOINED, self.ticket, proof))

    def assert_opened(self, row: RawMail) -> None:
        self.assertEqual(row.outcome, Outcome.OPENED)
        self.assertNotEqual(message_of(row).ticket, self.ticket)


class GuessingTest(MailTest):
    def test_no_guessed_id_in_any_format_is_ours(self) -> None:
        """SECURITY A1.2."""
        ticket = self.open_ticket()
        own = make_message_id(OwnId(ticket.pk, "r", 1), "acme.example")
        self.assertIsNotNone(read_message_id(own))
        self.assertIsNone(read_message_id(own.replace(".r1.", ".r2.")))
        marks = ("a" * 26, "", own.split(".")[2].split("@")[0])
        formats = ("{0}.r{1}.{2}@acme.example", "{0}@acme.example", "{0}.{1}@acme.example", "{0}.a{1}.{2}@x")
        guesses = (
            form.format(number, other, mark)
            for form in formats
            for mark in marks
            for number in range(1, 1500)
            for other in (1, number)
        )
        self.assertEqual([guess for guess in guesses if read_message_id(guess) and guess != own], [])

    def test_a_mail_full_of_guesses_opens_its_own_ticket(self) -> None:
        ticket = self.open_ticket()
        guesses = " ".join(f"<{ticket.pk}.r{number}.{'b' * 26}@acme.example>" for number in range(40))
        row = self.receive(mail(sender=EVIL, headers={"References": guesses}))
        self.assertEqual(row.outcome, Outcome.OPENED)
        self.assertEqual(Ticket.objects.count(), 2)
