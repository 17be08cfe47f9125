"""B4, B5: what strangers and agents write stays words in the mails that leave, in header, HTML and address."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from itertools import count

from django.test import override_settings
from lxml import html as lxml_html

from tests.servers.smtp_sink import Delivery, SmtpSink, smtp_sink
from tugi.channels.email.compose import compose
from tugi.channels.email.marks import read_message_id
from tugi.channels.email.models import Mailbox, OutboundMessage
from tugi.channels.email.testing import SUPPORT, MailTest, message_of
from tugi.core.models import DeskSettings
from tugi.core.tests.html_vectors import vectors
from tugi.core.tests.test_html_xss import faults
from tugi.events import actors
from tugi.events.testing import run_consumers, run_sender
from tugi.people.actions import change_profile
from tugi.people.models import Agent
from tugi.tickets import actions
from tugi.tickets.models import Message, Ticket
from tugi.tickets.testing import make_file, reply

BREAKS = [
    "\r\n",
    "\n",
    "\r",
    "\x85",
    "\u2028",
    "\u2029",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x1d",
    "\x1e",
    "\x00\n",
    "\r\n ",
    "\n\t",
]
BROKEN = "Help{0}Bcc: evil@evil.example{0}X-Evil: 1{0}{0}<script>alert(1)</script>"
INJECTED = [BROKEN.format(each) for each in BREAKS] + [
    "=?utf-8?q?=3D=3Futf-8=3Fq=3FHelp=3D0D=3D0ABcc:_evil=40evil.example=3F=3D?=",
    "=?utf-8?q?Help=0D=0ABcc:_evil@evil.example?=", "=?utf-8?b?SGVscA0KQmNjOiBldmlsQGV2aWwuZXhhbXBsZQ==?=",
    "evil@evil.example, x",
    '"evil@evil.example" <evil@evil.example>', "Help>, evil@evil.example, <x", "a" * 2000, "\u202eeliF",
    "=?utf-8?q?=00?=", "\ud7ff\U0010ffff",
    "undisclosed-recipients: evil@evil.example;", "--b\r\nContent-Type: text/html\r\n\r\n<script>",
    "\u0430@evil.example", "$(id)`id`|id",
]  # fmt: skip
TEMPLATES = [
    "{{7919*7919}}", "{{settings.SECRET_KEY}}", "{% include 'core/base.html' %}", "{0.__class__}", "%(number)s", "%s",
    "${7919*7919}", "#{7919*7919}",
    "<%= 7919*7919 %>", "{{ ''.__class__.__mro__ }}", "{number}", "[[7919*7919]]", "__import__('os')",
]  # fmt: skip
_ids = count(1)


class SinkTest(MailTest):
    sink: SmtpSink

    def setUp(self) -> None:
        self.sink = self.enterContext(smtp_sink())
        self.enterContext(override_settings(SMTP_SEND=("127.0.0.1", self.sink.port)))

    def write_in(
        self, *, subject: str = "Help", name: str = "Dora", message_id: str = "", text: str = "Hello"
    ) -> Ticket:
        """A mail as a stranger's own program makes it: the header is what it is."""
        head = [
            b"Authentication-Results: mx.acme.example; dmarc=pass header.from=dora.example",
            b"Message-ID: " + (message_id or f"<{next(_ids)}@dora.example>").encode("utf-8", "replace"),
            b'From: "' + name.replace('"', "").encode("utf-8", "replace") + b'" <dora@dora.example>',
            f"To: {SUPPORT}".encode(),
            b"Subject: " + subject.encode("utf-8", "replace"),
        ]
        return message_of(self.receive(b"\r\n".join(head) + b"\r\n\r\n" + text.encode())).ticket

    def answered(self, ticket: Ticket, **more: object) -> Delivery:
        """The mail of Ben's reply, as it reached the customer's server."""
        return self.all_answered([ticket], **more)[0]

    def all_answered(self, tickets: Sequence[Ticket], **more: object) -> list[Delivery]:
        """A reply in each, and the mails in the same order."""
        count = len(self.sink.deliveries)
        for place, ticket in enumerate(tickets):
            words = f"Try again {place}."
            reply(ticket, words, author=self.cast.ben, undo_for=timedelta(), **more)  # type: ignore[arg-type]
        self.send()
        said = ((re.search(rb"Try again (\d+)\.", each.raw), each) for each in self.sink.deliveries[count:])
        found = {int(match[1]): each for match, each in said if match}
        return [found[place] for place in range(len(tickets))]

    def send(self) -> None:
        for _ in range(2):
            run_consumers()
            run_sender("email.outbox")


def shape(delivery: Delivery) -> tuple[list[str], tuple[str, ...], list[str], list[str]]:
    """Header names, envelope, addresses and parts: all that an injection would change."""
    mail = delivery.message
    people = [each.addr_spec for name in ("to", "cc", "from") for each in getattr(mail[name], "addresses", ())]
    assert not mail.defects, mail.defects
    return (
        sorted(key.lower() for key in mail),
        delivery.recipients,
        people,
        [part.get_content_type() for part in mail.walk()],
    )


def one_line(text: str) -> str:
    """As a stranger's program can put it into a header."""
    return text.replace("\r", "").replace("\n", "")


def kept(text: str) -> str:
    """As it can stand in a row of either engine."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def letters(text: str) -> str:
    """Without the signs that a name in a header cannot have."""
    return "".join(each for each in text if each not in '\\"<>@,:;[]() ')


def inside(html: str) -> str:
    """The words of our HTML without the frame, and without the marks that we put on parts of them."""
    words = html.partition('<td class="words"')[2].partition(">")[2].rpartition("</td>")[0].rpartition("</td>")[0]
    assert words.strip()
    return re.sub(r'class="(?:gmail_quote|quiet signature|button)"', "", words)


class InjectionTest(SinkTest):
    def setUp(self) -> None:
        super().setUp()
        self.clean = shape(self.answered(self.write_in()))

    def same(self, delivery: Delivery, what: str) -> EmailMessage:
        assert shape(delivery) == self.clean, what
        for name, value in delivery.message.items():
            assert "\n" not in str(value) and "\r" not in str(value), (name, what)
        return delivery.message

    def test_a_subject_by_mail(self) -> None:
        texts = [*map(one_line, INJECTED), "Help\r\n =?utf-8?q?=0D=0ABcc:_evil@evil.example?=\r\n more"]
        for text, delivery in zip(
            texts, self.all_answered([self.write_in(subject=text) for text in texts]), strict=True
        ):
            self.same(delivery, text)

    def test_a_subject_by_an_agent(self) -> None:
        tickets = [self.write_in(subject=f"Help {number}") for number in range(len(INJECTED))]
        for ticket, text in zip(tickets, INJECTED, strict=True):
            actions.change_subject(ticket.pk, to=text, actor=actors.agent(self.cast.ben.pk))
        for text, delivery in zip(INJECTED, self.all_answered(tickets), strict=True):
            self.same(delivery, text)

    def test_a_senders_name(self) -> None:
        tickets = [self.write_in(name=one_line(text), subject=f"Help {number}") for number, text in enumerate(INJECTED)]
        for text, delivery in zip(INJECTED, self.all_answered(tickets), strict=True):
            html = self.same(delivery, text).get_body(("html",))
            assert html is not None
            assert faults(inside(html.get_content())) == []

    def test_names_of_agent_mailbox_and_company(self) -> None:
        """They are read when the mail is written: the same row, written anew for each."""
        self.answered(self.write_in())
        row = OutboundMessage.objects.filter(kind="reply").latest("id")
        for text in map(kept, INJECTED):
            Message.objects.filter(pk=row.message_id or 0).update(author_name=text[:160])
            Agent.objects.update(signature=text)
            Mailbox.objects.update(display_name=text[:120], signature=text)
            DeskSettings.objects.update(company=text[:100])
            again = OutboundMessage.objects.get(pk=row.pk)
            again.sent_at = None
            mail = compose(again, link="https://help.example/t/x")
            self.same(Delivery(mail.envelope_from, tuple(mail.recipients), mail.raw), text)

    def test_a_message_id_that_we_refer_to(self) -> None:
        ids = [f"<a{number}{one_line(text)}@dora.example>" for number, text in enumerate(INJECTED)]
        tickets = [self.write_in(message_id=id_, subject=id_[:4]) for id_ in ids]
        for id_, delivery in zip(ids, self.all_answered(tickets), strict=True):
            mail = delivery.message
            assert "evil" not in str(mail["Bcc"]) and "X-Evil" not in mail
            assert {key.lower() for key in mail} <= set(self.clean[0]) | {"in-reply-to", "references"}, id_

    def test_file_names(self) -> None:
        for start in range(0, len(INJECTED), 8):
            names = [*map(kept, INJECTED[start : start + 8])]
            files = [make_file(f"{text}.txt"[-250:], b"x", f"text/plain; a={text}"[:120]) for text in names]
            mail = self.answered(self.write_in(), files=files).message
            files_sent = list(mail.iter_attachments())
            assert len(files_sent) == len(names)
            for part in files_sent:
                assert {key.lower() for key in part} <= {
                    "content-type", "content-transfer-encoding", "content-disposition", "mime-version", "content-id",
                }  # fmt: skip
                assert "\n" not in (part.get_filename() or "")
                assert part.get_content_type() == "application/octet-stream"

    def test_addresses_longer_than_a_line(self) -> None:
        """Python's own folding has cut headers in two."""
        ticket = self.write_in()
        long = [f"{letter * 64}@{'.'.join([letter * 60] * 3)}.example" for letter in "abc"]
        mail = self.answered(ticket, cc=tuple(long)).message

        # Those put in copy had nothing of the customer's, so it is not referred to: the only id is one of ours.
        assert {key.lower() for key in mail} == {*self.clean[0], "cc"} - {"in-reply-to"}
        assert read_message_id(mail["References"].strip("<>")) is not None
        assert [each.addr_spec for each in mail["Cc"].addresses] == long

    def test_a_recipient_is_one_address(self) -> None:
        """Rows of an import or an older version may hold anything."""
        ticket = self.write_in()
        for bad in (
            "a@b.example\r\nRCPT TO:<evil@evil.example>",
            "a@b.example, evil@evil.example",
            "<evil@evil.example>",
            "a b@c.example",
        ):
            count = len(self.sink.deliveries)
            reply(ticket, "Try again.", author=self.cast.ben, undo_for=timedelta(), cc=(bad,))
            self.send()
            for delivery in self.sink.deliveries[count:]:
                assert "evil@evil.example" not in delivery.recipients, bad
                assert b"evil@evil.example" not in delivery.raw.partition(b"\r\n\r\n")[0].replace(b"RCPT", b""), bad


class HtmlTest(SinkTest):
    def test_the_html_of_a_mail_holds_nothing_that_runs(self) -> None:
        """B4.3: the customer's words quoted, the agent's own, names and signature, all hostile at once."""
        every = list(dict.fromkeys(vectors()))
        for start in range(0, 300, 60):
            some = kept("".join(every[start : start + 60]))
            change_profile(self.cast.ben.pk, name=some[:120], signature=some, actor=actors.agent(self.cast.ben.pk))
            self.cast.ben.refresh_from_db()
            Mailbox.objects.update(display_name=some[:100], signature=some)
            ticket = self.html_mail(some)
            delivery = self.answered(ticket, html=f"<p>Try again.</p>{some}")
            html = delivery.message.get_body(("html",))
            assert html is not None
            text = html.get_content()
            assert faults(inside(text)) == [], start
            assert len(list(lxml_html.document_fromstring(text).iter("body"))) == 1

    def html_mail(self, html: str) -> Ticket:
        made = EmailMessage(policy=SMTP)
        made["Message-ID"], made["From"], made["To"] = f"<{hash(html)}@dora.example>", "dora@dora.example", SUPPORT
        made["Subject"] = "Help"
        made.set_content(html, subtype="html")
        return message_of(self.receive(made.as_bytes())).ticket

    def test_nothing_is_a_template(self) -> None:
        """B5.1: marks of template languages leave as they came."""
        for text in ("".join(TEMPLATES[:4]), *TEMPLATES[4:7], "".join(TEMPLATES[7:])):
            change_profile(
                self.cast.ben.pk, name=f"B {text}", signature=f"S {text}", actor=actors.agent(self.cast.ben.pk)
            )
            self.cast.ben.refresh_from_db()
            Mailbox.objects.update(display_name=f"M {text}")
            mail = self.answered(self.write_in(subject=f"U {text}", text=f"T {text}")).message
            body = mail.get_body(("plain",))
            assert body is not None
            assert f"U {text}" in str(mail["Subject"])
            name = str(mail["From"].addresses[0].display_name)
            assert letters(name).startswith(letters(f"B {text}")[:40])
            assert f"> T {text}" in body.get_content() and f"S {text}" in body.get_content()
            assert "62710561" not in str(mail["Subject"]) and "SECRET" not in body.get_content().replace(text, "")
