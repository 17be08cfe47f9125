"""Who wrote a mail: each way of saying so, and what it proves."""

from __future__ import annotations

import pytest
from django.test import SimpleTestCase

from tugi.channels.email.authentication import vouched_domain
from tugi.channels.email.models import Mailbox, RawMail, Via
from tugi.channels.email.parsing import parse_mail
from tugi.channels.email.sender import Sender, read_sender
from tugi.channels.email.testing import mail
from tugi.tickets.models import Proof

OURS = frozenset({"support@acme.example", "help@acme.example"})
TRUSTED = "mx.acme.example"


def sender_of(
    raw: bytes,
    *,
    via: Via = Via.IMAP,
    peer: str = "",
    authserv_id: str = TRUSTED,
    authentication: dict[str, str] | None = None,
) -> Sender:
    mailbox = Mailbox(address="support@acme.example", authserv_id=authserv_id)
    row = RawMail(mailbox=mailbox, via=via, peer=peer, authentication=authentication)
    return read_sender(parse_mail(raw), row, OURS)


class ProofTest(SimpleTestCase):
    def test_without_results_nothing_is_proven(self) -> None:
        self.assertEqual(sender_of(mail()).proof, Proof.NONE)

    def test_our_servers_pass_for_the_domain_in_from_proves_the_sender(self) -> None:
        found = sender_of(mail(vouched="dora.example"))
        self.assertEqual((found.address.addr, found.proof), ("dora@dora.example", Proof.SENDER))

    def test_a_pass_for_another_domain_proves_nothing(self) -> None:
        self.assertEqual(sender_of(mail(vouched="evil.example")).proof, Proof.NONE)

    def test_without_a_trusted_name_nobody_is_believed(self) -> None:
        self.assertEqual(sender_of(mail(vouched="dora.example"), authserv_id="").proof, Proof.NONE)

    def test_a_forged_field_below_our_servers_is_nothing(self) -> None:
        ours = b"Authentication-Results: mx.acme.example; dmarc=fail header.from=dora.example\r\n"
        self.assertEqual(sender_of(ours + mail(vouched="dora.example")).proof, Proof.NONE)

    def test_a_field_of_another_server_on_top_is_nothing(self) -> None:
        other = b"Authentication-Results: mx.evil.example; dmarc=pass header.from=dora.example\r\n"
        self.assertEqual(sender_of(other + mail(vouched="dora.example")).proof, Proof.NONE)

    def test_a_stranger_at_our_listener_can_write_what_it_likes(self) -> None:
        raw = mail(vouched="dora.example")
        self.assertEqual(sender_of(raw, via=Via.SMTP, peer="203.0.113.9").proof, Proof.NONE)
        self.assertEqual(sender_of(raw, via=Via.SMTP, peer="127.0.0.1").proof, Proof.SENDER)

    def test_our_own_check_proves_a_sender_who_came_from_outside(self) -> None:
        for result, proof in (("pass", Proof.SENDER), ("fail", Proof.NONE), ("none", Proof.NONE)):
            checked = {"result": result, "domain": "dora.example"}
            found = sender_of(mail(), via=Via.SMTP, peer="203.0.113.9", authentication=checked)
            self.assertEqual(found.proof, proof)

    def test_our_own_check_of_another_domain_proves_nothing(self) -> None:
        checked = {"result": "pass", "domain": "evil.example"}
        found = sender_of(mail(), via=Via.SMTP, peer="203.0.113.9", authentication=checked)
        self.assertEqual(found.proof, Proof.NONE)

    def test_the_author_behind_a_list_is_found_and_not_proven(self) -> None:
        """Google Groups writes the group into From: here our own address, there the group's."""
        for written, extra in (
            ("'Dora' via Support <support@acme.example>", {"Precedence": "list"}),
            ("'Dora' via Group <group@lists.example>", {"List-Post": "<mailto:group@lists.example>"}),
        ):
            raw = mail(
                sender=written, headers={"X-Original-Sender": "dora@dora.example", **extra}, vouched="lists.example"
            )
            found = sender_of(raw)
            self.assertEqual((found.address.addr, found.address.name), ("dora@dora.example", "Dora"))
            self.assertEqual((found.proof, found.is_ours), (Proof.NONE, False))

    def test_nobody_but_a_list_may_name_another_author(self) -> None:
        found = sender_of(mail(headers={"X-Original-Sender": "ben@acme.example"}, vouched="dora.example"))
        self.assertEqual((found.address.addr, found.proof), ("dora@dora.example", Proof.SENDER))

    def test_our_address_in_from_is_ours_unless_a_list_wrote_it(self) -> None:
        raw = mail(sender="support@acme.example", headers={"X-Original-Sender": "dora@dora.example"})
        self.assertTrue(sender_of(raw).is_ours)

    def test_our_own_mail_through_a_list_is_still_ours(self) -> None:
        raw = mail(
            sender="support@acme.example", headers={"X-Original-Sender": "help@acme.example", "Precedence": "list"}
        )
        self.assertTrue(sender_of(raw).is_ours)

    def test_two_addresses_in_from_prove_nothing(self) -> None:
        for fields in (
            b"From: dora@dora.example, evil@evil.example\r\n",
            b"From: evil@evil.example\r\nFrom: dora@dora.example\r\n",
        ):
            raw = b"Authentication-Results: mx.acme.example; dmarc=pass header.from=dora.example\r\n"
            raw += b"Authentication-Results: x\r\n" + fields + b"Subject: x\r\n\r\nHello"
            self.assertEqual(sender_of(raw).proof, Proof.NONE, fields)

    def test_an_address_taken_from_elsewhere_proves_nothing(self) -> None:
        raw = b"Reply-To: dora@dora.example\r\nSubject: x\r\n\r\nHello"
        head = b"Authentication-Results: mx.acme.example; dmarc=pass header.from=dora.example\r\n"
        self.assertEqual(sender_of(head + raw).proof, Proof.NONE)

    def test_own_control_headers_from_outside_say_nothing(self) -> None:
        plain = sender_of(mail())
        forged = sender_of(mail(headers={"X-Tugi-Agent": "1", "X-Tugi-Proof": "session", "X-Tugi-Ticket": "1"}))
        self.assertEqual(forged, plain)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("dora@dora.example", "dora@dora.example"),
        ('"ben@acme.example" <evil@evil.example>', "evil@evil.example"),
        ('"support@acme.example"<evil@evil.example>', "evil@evil.example"),
        ("=?utf-8?Q?ben=40acme.example?= <evil@evil.example>", "evil@evil.example"),
        ("=?utf-8?Q?evil?=@evil.example", "nobody@unknown.invalid"),
        ("ben@acme.example (a comment) <evil@evil.example>", "evil@evil.example"),
        ("friends: evil@evil.example;", "evil@evil.example"),
        ("<>", "nobody@unknown.invalid"),
        ("no address at all", "nobody@unknown.invalid"),
        ("evil\x00@evil.example", "evil@evil.example"),
    ],
)
def test_from_is_one_address_or_nobody(written: str, address: str) -> None:
    raw = b"From: " + written.encode() + b"\r\nSubject: x\r\n\r\nHello"
    found = sender_of(raw)
    assert (found.address.addr, found.proof) == (address, Proof.NONE)


@pytest.mark.parametrize("address", ["support@acme.example", "HELP@Acme.Example", "support+x@acme.example"])
def test_our_own_addresses_are_known_as_ours(address: str) -> None:
    assert sender_of(mail(sender=address)).is_ours


@pytest.mark.parametrize(
    ("value", "domain"),
    [
        ("mx.acme.example; dmarc=pass (p=none) header.from=dora.example", "dora.example"),
        ("mx.acme.example 1; spf=pass; dmarc=pass header.from=DORA.example", "dora.example"),
        ("MX.acme.example; dkim=pass header.d=a.example; dmarc=fail header.from=dora.example", ""),
        ("mx.acme.example; dmarc=none header.from=dora.example", ""),
        ("mx.acme.example; dmarc=pass", ""),
        ("mx.acme.example (dmarc=pass header.from=dora.example); none", ""),
        ("mx.acme.example; x=(; dmarc=pass header.from=dora.example)", ""),
        ("mx.acme.example; dmarc=pass header.from=a.example; dmarc=pass header.from=b.example", ""),
        ("mx.acme.example.evil.example; dmarc=pass header.from=dora.example", ""),
        ("mx.acme.example; spf=pass smtp.mailfrom=dora.example", ""),
        ("", ""),
    ],
)
def test_authentication_results_are_read_narrowly(value: str, domain: str) -> None:
    assert vouched_domain((value,), "mx.acme.example") == domain
