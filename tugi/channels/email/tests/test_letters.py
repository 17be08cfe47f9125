"""What our mails look like, and what of the history they hand on to whom (SECURITY C7)."""

from __future__ import annotations

from datetime import timedelta

from tugi.channels.email.compose import compose
from tugi.channels.email.letters import LONGEST_QUOTE, Letter, reply
from tugi.channels.email.models import OutboundMessage
from tugi.channels.email.testing import MailTest, mail
from tugi.core.html import html_to_text
from tugi.events.testing import run_consumers
from tugi.tickets.models import Message, Ticket
from tugi.tickets.testing import note
from tugi.tickets.testing import reply as answer

LINK = "https://desk.acme.example/t/key"


class LetterTest(MailTest):
    def row(self, ticket: Ticket, *, to: tuple[str, ...] = (), cc: tuple[str, ...] = ()) -> OutboundMessage:
        said = answer(ticket, "Try it again.", author=self.cast.ben, undo_for=timedelta(), cc=cc)
        run_consumers()
        row = OutboundMessage.objects.get(message=said, kind="reply")
        row.to = list(to) or row.to
        return row

    def letter(self, ticket: Ticket, **recipients: tuple[str, ...]) -> Letter:
        return reply(self.row(ticket, **recipients), LINK)

    def test_the_answer_comes_before_all_but_the_name_of_the_desk(self) -> None:
        letter = self.letter(self.open_ticket())
        words = " ".join(html_to_text(letter.html.partition("<body")[2].partition(">")[2]).split())
        self.assertTrue(words.startswith("Acme Support Try it again."), words[:60])
        self.assertTrue(letter.text.startswith("Try it again.\n"))

    def test_it_loads_nothing_and_stands_without_its_style_sheet(self) -> None:
        letter = self.letter(self.open_ticket())
        for tag in ("<img", "<link", "<script", "url(", "@import", " background="):
            self.assertNotIn(tag, letter.html)
        self.assertEqual(letter.html.count("<table"), letter.html.count('<table role="presentation"'))
        self.assertIn('<html lang="en">', letter.html)
        self.assertRegex(letter.html, r'<td class="words" style="[^"]*color:#')

    def test_a_third_party_gets_the_agents_words_and_nothing_of_the_customers(self) -> None:
        ticket = self.receive_canary()
        for recipients in ({"to": ("supplier@third.example",)}, {"cc": ("supplier@third.example",)}):
            letter = self.letter(ticket, **recipients)
            self.assertNotIn("CANARY", letter.text + letter.html)
            self.assertIn("Try it again.", letter.text)
            raw = compose(self.row(ticket, **recipients), link="").raw
            self.assertNotIn(b"canary@server.dora.example", raw)

    def test_who_was_in_copy_of_the_question_gets_it_quoted(self) -> None:
        row = self.receive(mail("CANARY of Dora", vouched="dora.example", headers={"Cc": "eve@cc.example"}))
        assert row.message is not None
        letter = self.letter(row.message.ticket, cc=("Eve@cc.example",))
        self.assertIn("> CANARY of Dora", letter.text)

    def test_notes_and_what_they_say_are_never_handed_on(self) -> None:
        ticket = self.open_ticket()
        note(ticket, "CANARY of the desk", author=self.cast.ben)
        letter = self.letter(ticket)
        self.assertNotIn("CANARY", letter.text + letter.html)

    def test_a_long_question_is_shortened_and_says_so(self) -> None:
        ticket = self.open_ticket()
        Message.objects.filter(ticket=ticket).update(text="long words " * 4000, html="<p>long</p>" * 20_000)
        letter = self.letter(ticket)
        self.assertLess(len(letter.text), LONGEST_QUOTE + 1000)
        self.assertIn("> […]", letter.text)
        self.assertIn("[…]", letter.html)

    def test_no_line_of_the_mail_is_longer_than_servers_take(self) -> None:
        ticket = self.open_ticket()
        raw = compose(self.row(ticket), link=LINK).raw
        self.assertLessEqual(max(len(line) for line in raw.split(b"\r\n")), 998)
        self.assertNotIn(b"\n", raw.replace(b"\r\n", b""))

    def receive_canary(self) -> Ticket:
        raw = mail("CANARY of Dora's own matters", vouched="dora.example", message_id="<canary@server.dora.example>")
        row = self.receive(raw)
        assert row.message is not None
        return row.message.ticket
