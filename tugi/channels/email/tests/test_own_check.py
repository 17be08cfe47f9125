"""A mail that a stranger brings to our listener: checked by ourselves, once, on its way to a ticket."""

from __future__ import annotations

from django.test import override_settings

from tests.servers.name_server import NameServer, name_server, text
from tugi.channels.email.actions import accept_raw
from tugi.channels.email.intake import take_in
from tugi.channels.email.models import RawMail, Via
from tugi.channels.email.testing import MailTest, mail, message_of
from tugi.channels.email.tests.test_verification import PEER, zone
from tugi.channels.email.verification import resolving
from tugi.tickets.models import Proof


class OwnCheckTest(MailTest):
    server: NameServer

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        spf = {("dora.example", "TXT"): [text(f"v=spf1 ip4:{PEER} -all")]}
        cls.server = cls.enterClassContext(name_server(zone() | spf))

    def setUp(self) -> None:
        resolving._resolver.cache_clear()
        self.server.asked.clear()
        self.server.broken.clear()
        self.enterContext(override_settings(DNS=self.server.servers))

    def bring(self, raw: bytes, *, peer: str = PEER, envelope_from: str = "dora@dora.example") -> RawMail:
        row = accept_raw(self.mailbox, raw, via=Via.SMTP, peer=peer, envelope_from=envelope_from)
        take_in(row)
        row.refresh_from_db()
        return row

    def test_the_verdict_proves_the_sender_and_stays_with_the_mail(self) -> None:
        row = self.bring(mail())
        assert (row.proof, message_of(row).proof) == (Proof.SENDER, Proof.SENDER)
        assert row.authentication == {
            "result": "pass", "domain": "dora.example", "policy": "reject", "dkim": [], "spf": "dora.example",
        }  # fmt: skip

    def test_a_forger_is_not_proven_whatever_the_headers_say(self) -> None:
        row = self.bring(mail(vouched="dora.example"), peer="198.51.100.1")
        assert (row.proof, (row.authentication or {})["result"]) == (Proof.NONE, "fail")

    def test_dns_trouble_is_no_proof_and_the_mail_is_taken(self) -> None:
        self.server.broken.add("_dmarc.dora.example")
        row = self.bring(mail())
        assert (row.proof, (row.authentication or {})["result"]) == (Proof.NONE, "temperror")
        assert message_of(row).text

    def test_reading_again_asks_nobody_and_decides_as_before(self) -> None:
        row = accept_raw(self.mailbox, mail(), via=Via.SMTP, peer=PEER, envelope_from="dora@dora.example")
        RawMail.objects.filter(pk=row.pk).update(authentication={"result": "pass", "domain": "dora.example"})
        self.server.broken.add("_dmarc.dora.example")
        take_in(RawMail.objects.get(pk=row.pk))
        assert (RawMail.objects.get(pk=row.pk).proof, self.server.asked) == (Proof.SENDER, [])

    def test_nobody_is_asked_about_our_own_servers_mail_or_two_authors_or_if_it_is_off(self) -> None:
        self.bring(mail(vouched="dora.example"), peer="127.0.0.1")
        self.receive(mail(vouched="dora.example"))
        self.bring(b"From: dora@dora.example, eve@evil.example\r\nSubject: x\r\n\r\nHello")
        with override_settings(DNS=None):
            assert self.bring(mail()).authentication is None
        assert self.server.asked == []
