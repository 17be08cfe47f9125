"""Signed and encrypted mail as a ticket: what is shown and searched, and that no import fails."""

from __future__ import annotations

from unittest import mock

from tugi.channels.email.actions import add_key
from tugi.channels.email.compose import compose
from tugi.channels.email.models import MailboxKey, OutboundMessage, RawMail
from tugi.channels.email.testing import MailTest, make_mailbox, message_of
from tugi.channels.email.tests.protection import samples as s
from tugi.core.crypto import KeyMissing
from tugi.events import actors
from tugi.events.testing import run_consumers
from tugi.tickets.actions import make_link
from tugi.tickets.models import Message


class ProtectedMailTest(MailTest):
    def take(self, mail: bytes) -> Message:
        return message_of(self.receive(s.HEAD + mail))

    def give_key(self) -> None:
        add_key(self.mailbox.pk, s.smime_key("desk"), actor=actors.system())

    def page(self, message: Message) -> str:
        self.sign_in(self.cast.ada)
        return self.client.get(f"/tickets/{message.ticket.number}").content.decode()

    def test_what_was_opened_is_shown_and_found(self) -> None:
        self.give_key()
        message = self.take(s.smime_encrypted())
        self.assertEqual(message.text.strip(), "The launch code is zebra.")
        self.assertEqual(message.attachments.count(), 0)
        page = self.page(message)
        self.assertIn("The launch code is zebra.", page)
        self.assertIn("Came encrypted for Desk &lt;support@acme.example&gt; and was opened here.", page)
        run_consumers()
        self.assertContains(self.client.get("/tickets/search?q=zebra"), "Secret")

    def test_the_original_stays_closed(self) -> None:
        self.give_key()
        message = self.take(s.smime_encrypted())
        self.sign_in(self.cast.ada)
        answer = self.client.get(f"/tickets/{message.ticket.number}/messages/{message.pk}/original")
        self.assertNotIn(b"zebra", b"".join(answer))

    def test_without_a_key_the_file_and_a_clear_hint_are_shown(self) -> None:
        message = self.take(s.smime_encrypted())
        self.assertEqual([each.name for each in message.attachments.all()], ["smime.p7m"])
        page = self.page(message)
        self.assertIn("Encrypted, and this mailbox has no key that opens it.", page)
        self.assertIn("smime.p7m", page)

    def test_the_key_of_another_mailbox_opens_nothing(self) -> None:
        other = make_mailbox(self.cast.south, "south@acme.example")
        add_key(other.pk, s.smime_key("desk"), actor=actors.system())
        self.assertNotIn("zebra", self.take(s.smime_encrypted()).text)

    def test_a_signature_is_a_line_and_no_file(self) -> None:
        message = self.take(s.smime_signed())
        self.assertEqual([each.is_noise for each in message.attachments.all()], [True])
        page = self.page(message)
        self.assertIn("Signed by Ann &lt;ann@example.com&gt;, but nothing in this mailbox vouches for that key", page)
        self.assertNotIn("smime.p7s", page)

    def test_ordinary_mail_says_nothing_of_it(self) -> None:
        message = self.take(s.INNER)
        self.assertIsNone(message.protection)
        self.assertNotIn("protection__line", self.page(message))

    def test_what_stands_inside_moves_no_ticket(self) -> None:
        self.give_key()
        ticket = self.open_ticket()
        inner = b"In-Reply-To: <" + str(ticket.pk).encode() + b"@x>\r\nFrom: dora@dora.example\r\n" + s.INNER
        message = self.take(s.smime_encrypted(inner))
        self.assertNotEqual(message.ticket, ticket)
        self.assertEqual(message.author_address, s.ANN)

    def test_a_key_whose_lock_is_lost_fails_no_mail(self) -> None:
        self.give_key()
        with mock.patch("tugi.core.secret_field.crypto.decrypt_text", side_effect=KeyMissing):
            self.assertIn("has no key", self.page(self.take(s.smime_encrypted())))

    def test_rubbish_that_calls_itself_encrypted_becomes_a_ticket(self) -> None:
        self.give_key()
        self.take(b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n\r\nrubbish\r\n")
        self.assertEqual(RawMail.objects.exclude(outcome="opened").count(), 0)

    def test_keys_are_closed_in_the_database(self) -> None:
        self.give_key()
        row = MailboxKey.objects.get()
        self.assertIn("PRIVATE KEY", row.private.reveal())
        self.assertNotIn("PRIVATE", row.private.ciphertext)

    def test_what_was_opened_goes_nowhere_else(self) -> None:
        """Anybody can send on what was written to others, and must not have it opened for them."""
        self.give_key()
        hidden = s.INNER.replace(b"Content-Type: text/plain", b"Content-Type: text/plain; hp=cipher", 1)
        message = self.take(s.smime_encrypted(b"Subject: Merger with Zebra\r\n" + hidden))
        ticket = message.ticket
        self.assertEqual(ticket.subject, "Secret")

        key = make_link(ticket.pk, contact_id=ticket.contact_id)
        page = self.client.get(f"/t/{key}").content.decode()
        self.assertIn("This message came encrypted and is not shown here.", page)
        self.assertNotIn("zebra", page.lower())

        self.answer(ticket, "We have it.")
        run_consumers()
        leaving = list(OutboundMessage.objects.filter(ticket=ticket))
        self.assertTrue(leaving)
        for row in leaving:
            self.assertNotIn(b"zebra", compose(row, link=f"https://desk.example/t/{key}").raw.lower())
