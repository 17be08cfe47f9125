"""Our domain in the eyes of others: signatures that check, and advice that says what to publish."""

from __future__ import annotations

import dkim as reference
from django.test import override_settings

from tests.servers.name_server import NameServer, name_server, text
from tests.servers.smtp_sink import SmtpSink, smtp_sink
from tugi.channels.email import actions
from tugi.channels.email.dkim import make_key, sign
from tugi.channels.email.domain_advice import Advice, advice_for
from tugi.channels.email.models import DkimKey, Mailbox
from tugi.channels.email.probes import mail as probe
from tugi.channels.email.smtp_pool import pool
from tugi.channels.email.testing import MailTest
from tugi.channels.email.verification import resolving
from tugi.events import actors
from tugi.events.models import Event
from tugi.events.testing import run_sender
from tugi.tickets.testing import make_file, reply

DOMAIN = "acme.example"
RAW = (
    b"From: Acme <support@acme.example>\r\nTo: dora@dora.example\r\nSubject: Re:  your\r\n  request \r\n"
    b"Message-ID: <1@acme.example>\r\n\r\n"
)
BODIES = (
    b"", b"\r\n", b"\r\n\r\n", b"Hello", b"Hello\r\n", b"Hello  you \t \r\n\r\n\r\n", b" \r\n \r\n",
    b"\r\n\r\nx\r\n", b"a\tb\r\n \r\n",
)  # fmt: skip


def checks(raw: bytes, record: str) -> bool:
    """Whether an implementation that is not ours finds the signature good."""

    def answer(name: bytes, timeout: int = 5) -> bytes:
        return record.encode() if name.startswith(b"tugi") else b""

    return bool(reference.verify(raw, dnsfunc=answer))


def test_a_signature_checks_whatever_the_body_ends_with_and_breaks_with_a_change() -> None:
    key = make_key()
    record = f"v=DKIM1; k=rsa; p={key.public}"
    for body in BODIES:
        signed = sign(RAW + body, domain=DOMAIN, selector="tugi1", private_key=key.private)
        assert checks(signed, record), body
        assert not checks(signed + b"and more\r\n", record), body
    assert not checks(signed.replace(b"Subject: Re", b"Subject: No"), record)
    assert not checks(b"Subject: Another one\r\n" + signed, record)
    assert not checks(signed, f"v=DKIM1; k=rsa; p={make_key().public}")


class SigningTest(MailTest):
    sink: SmtpSink

    def setUp(self) -> None:
        self.sink = self.enterContext(smtp_sink())
        self.addCleanup(pool.close_idle, 0)
        self.enterContext(override_settings(SMTP_SEND=("127.0.0.1", self.sink.port)))
        self.key = actions.make_dkim_key(self.mailbox, actor=actors.agent(self.cast.ada.pk))

    def test_every_mail_is_signed_once_that_is_switched_on(self) -> None:
        ticket = self.open_ticket()
        self.answer(ticket)
        run_sender("email.outbox")
        self.assertNotIn(b"DKIM-Signature", self.sink.deliveries[-1].raw)
        actions.set_dkim_signing(self.mailbox, is_on=True, actor=actors.agent(self.cast.ada.pk))
        self.sink.clear()
        self.answer(ticket, "Ещё раз, пожалуйста. " * 40)
        picture = make_file("pic.png", b"\x89PNG...", "image/png", content_id="pic1")
        reply(ticket, "See", html='<p>See <img src="cid:pic1"></p>', files=[picture], author=self.cast.ben)
        run_sender("email.outbox")
        raw = self.sink.deliveries[0].raw
        self.assertTrue(checks(raw, self.key.record))
        self.assertIn(b"d=acme.example", raw)

    def test_the_private_key_is_closed_in_the_database_and_shown_nowhere(self) -> None:
        stored = DkimKey.objects.values_list("private_key", flat=True).get()
        self.assertNotIn("PRIVATE", stored.ciphertext)
        self.sign_in(self.cast.ada)
        page = self.client.get(f"/settings/mail/{self.mailbox.pk}/domain")
        self.assertContains(page, self.key.public_key)
        self.assertNotContains(page, "PRIVATE KEY")
        self.assertNotIn("PRIVATE", str(list(Event.objects.values_list("data", flat=True))))

    def test_a_key_that_cannot_be_opened_keeps_no_mail_back(self) -> None:
        actions.set_dkim_signing(self.mailbox, is_on=True, actor=actors.agent(self.cast.ada.pk))
        other = Mailbox(smtp_password="not a key")
        DkimKey.objects.update(private_key=other.smtp_password)
        self.answer(self.open_ticket())
        with self.assertLogs("tugi.channels.email.compose", "WARNING"):
            run_sender("email.outbox")
        self.assertNotIn(b"DKIM-Signature", self.sink.deliveries[-1].raw)

    def test_a_second_press_makes_no_second_key(self) -> None:
        self.sign_in(self.cast.ada)
        self.client.post(f"/settings/mail/{self.mailbox.pk}/domain/key")
        self.client.post(f"/settings/mail/{self.mailbox.pk}/domain/signing", {"on": "1"})
        key = DkimKey.objects.get()
        self.assertEqual((key.public_key, key.is_signing), (self.key.public_key, True))


class AdviceTest(MailTest):
    server: NameServer

    def setUp(self) -> None:
        self.server = self.enterContext(name_server({(DOMAIN, "MX"): ["10 mx.acme.example."]}))
        self.enterContext(override_settings(DNS=self.server.servers))
        resolving._resolver.cache_clear()

    def told(self, matter: str) -> Advice:
        resolving._resolver.cache_clear()
        return next(each for each in advice_for(self.mailbox) if each.matter == matter)

    def test_a_bare_domain_is_told_exactly_what_to_publish(self) -> None:
        spf, dmarc = self.told("SPF"), self.told("DMARC")
        self.assertEqual((spf.state, spf.record_name, spf.record), ("wrong", DOMAIN, "v=spf1 mx ~all"))
        self.assertEqual(dmarc.record_name, "_dmarc.acme.example")
        self.assertEqual(dmarc.record, "v=DMARC1; p=none; rua=mailto:postmaster@acme.example")
        self.assertEqual(self.told("MX").state, "ok")

    def test_what_is_published_is_found_and_judged(self) -> None:
        cases = (
            ("v=spf1 include:x.example -all", "ok", ""),
            ("v=spf1 mx +all", "wrong", "v=spf1 mx ~all"),
            ("v=spf1 mx ?all", "wrong", "v=spf1 mx ~all"),
        )
        for record, state, better in cases:
            self.server.records[DOMAIN, "TXT"] = [text("another=thing"), text(record)]
            told = self.told("SPF")
            self.assertEqual((told.state, told.record), (state, better), record)
        self.server.records[DOMAIN, "TXT"] = [text("v=spf1 mx -all"), text("v=spf1 a -all")]
        self.assertIn("2 SPF records", self.told("SPF").text)

    def test_a_big_providers_name_belongs_into_the_record(self) -> None:
        Mailbox.objects.update(smtp_on=True, smtp_host="smtp.office365.com")
        self.mailbox.refresh_from_db()
        self.server.records[DOMAIN, "TXT"] = [text("v=spf1 mx ~all")]
        self.assertEqual(self.told("SPF").record, "v=spf1 include:spf.protection.outlook.com mx ~all")

    def test_the_key_is_compared_with_what_is_published(self) -> None:
        self.assertIn("signs no mail", self.told("DKIM").text)
        actor = actors.agent(self.cast.ada.pk)
        key = actions.make_dkim_key(self.mailbox, actor=actor)
        self.assertEqual((self.told("DKIM").record_name, self.told("DKIM").record), (key.record_name, key.record))
        self.server.records[key.record_name, "TXT"] = [text("v=DKIM1; k=rsa; p=AAAA")]
        self.assertIn("Another key", self.told("DKIM").text)
        self.server.records[key.record_name, "TXT"] = [text(key.record)]
        self.assertIn("Now let Tugi sign", self.told("DKIM").text)
        actions.set_dkim_signing(self.mailbox, is_on=True, actor=actor)
        self.assertEqual(self.told("DKIM").state, "ok")

    def test_a_policy_above_holds_for_the_domain_below(self) -> None:
        Mailbox.objects.update(address="support@help.acme.example")
        self.mailbox.refresh_from_db()
        self.server.records["_dmarc.acme.example", "TXT"] = [text("v=DMARC1; p=reject")]
        self.assertEqual(self.told("DMARC").state, "ok")
        self.server.records["_dmarc.acme.example", "TXT"] = [text("v=DMARC1; p=none; rua=mailto:x@acme.example")]
        self.assertEqual(self.told("DMARC").record, "v=DMARC1; p=quarantine; rua=mailto:x@acme.example")

    def test_without_an_answer_it_is_not_known_and_not_wrong(self) -> None:
        self.server.broken = {DOMAIN}
        found = advice_for(self.mailbox)
        self.assertEqual([each.state for each in found], ["unknown"] * 4)
        self.assertEqual(len([each for each in self.server.asked if each[0] != DOMAIN]), 0)
        resolving._resolver.cache_clear()
        self.assertEqual({finding.state for finding in probe() if "looked up" in finding.text}, {"amber"})

    def test_the_doctor_says_what_to_publish(self) -> None:
        hints = [finding.hint for finding in probe()]
        self.assertIn("Publish as TXT at acme.example: v=spf1 mx ~all", hints)
