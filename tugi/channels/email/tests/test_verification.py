"""Our own check of a sender: real signatures, a real name server on loopback."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import cache

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from tests.servers.name_server import NameServer, Records, name_server, text
from tugi.channels.email.verification import Finding, verify_sender
from tugi.channels.email.verification.dmarc import organisation_of

PEER, STRANGER = "203.0.113.9", "198.51.100.1"
MAIL = (
    b"From: Dora <dora@dora.example>\r\nTo: support@acme.example\r\nSubject: Cannot sign in\r\n"
    b"Date: Mon, 23 Nov 2026 09:00:00 +0000\r\nMessage-ID: <1@dora.example>\r\n\r\nHello,  I cannot sign in. \r\n\r\n"
)
Text = str


@cache
def keys() -> tuple[bytes, str]:
    """A private key and the public one as DNS has it."""
    import base64

    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - the smallest that is taken
    private = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return private, base64.b64encode(public).decode()


def signed(raw: bytes = MAIL, domain: str = "dora.example", **options: object) -> bytes:
    made = dkim.sign(raw, b"s1", domain.encode(), keys()[0], canonicalize=(b"relaxed", b"relaxed"), **options)
    return bytes(made) + raw


def zone(dmarc: str = "v=DMARC1; p=reject", **more: str) -> Records:
    records: Records = {("s1._domainkey.dora.example", "TXT"): [text(f"v=DKIM1; k=rsa; p={keys()[1]}")]}
    if dmarc:
        records["_dmarc.dora.example", "TXT"] = [text(dmarc)]
    for name, value in more.items():
        records[name.replace("__", "-").replace("_", "."), "TXT"] = [text(value)]
    return records


@pytest.fixture(scope="module")
def _server() -> Iterator[NameServer]:
    with name_server({}) as server:
        yield server


@pytest.fixture
def server(_server: NameServer) -> NameServer:
    """Knows dora.example, whose mail is signed, and asks to reject what fails."""
    from tugi.channels.email.verification import resolving

    resolving._resolver.cache_clear()
    _server.records, _server.silent, _server.broken = zone(), set(), set()
    _server.asked.clear()
    return _server


def check(
    server: NameServer, raw: bytes, *, domain: str = "dora.example", sender: str = "", peer: str = PEER
) -> Finding:
    return verify_sender(raw, domain=domain, envelope_from=sender, peer=peer, servers=server.servers)


def test_a_valid_signature_of_the_domain_in_from_passes(server: NameServer) -> None:
    assert check(server, signed()) == Finding("pass", "dora.example", "reject", dkim=("dora.example",))


def test_without_signature_and_without_spf_it_fails(server: NameServer) -> None:
    assert check(server, MAIL) == Finding("fail", "dora.example", "reject")


@pytest.mark.parametrize("how", [(b"relaxed", b"relaxed"), (b"simple", b"simple"), (b"relaxed", b"simple")])
def test_every_way_of_making_it_canonical_is_known(server: NameServer, how: tuple[bytes, bytes]) -> None:
    raw = bytes(dkim.sign(MAIL, b"s1", b"dora.example", keys()[0], canonicalize=how)) + MAIL
    assert check(server, raw).result == "pass"


def test_what_a_relay_may_change_breaks_no_relaxed_signature(server: NameServer) -> None:
    raw = b"Received: from elsewhere\r\n" + signed().replace(b"Hello,  I", b"Hello, I").replace(b"in. \r\n", b"in.\r\n")
    assert check(server, raw + b"\r\n\r\n").result == "pass"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"I cannot sign in", b"Send me the money"),
        (b"Subject: Cannot", b"Subject: Can"),
        (b"From: Dora <dora", b"From: Dora <emil"),
        (b"From: Dora", b"From: Eve <eve@dora.example>\r\nFrom: Dora"),
    ],
)
def test_a_mail_that_was_changed_fails(server: NameServer, old: bytes, new: bytes) -> None:
    assert check(server, signed().replace(old, new)).result == "fail"


def test_a_signature_that_has_expired_fails(server: NameServer) -> None:
    two_days_ago = str(int(time.time()) - 2 * 86_400).encode()
    old = signed(include_headers=[b"from", b"subject"])
    raw = old.replace(b"DKIM-Signature: v=1;", b"DKIM-Signature: v=1; x=" + two_days_ago + b";")
    assert check(server, raw).result == "fail"


def test_a_signature_over_a_part_of_the_body_proves_nothing(server: NameServer) -> None:
    raw = signed(length=True)
    assert b"l=" in raw
    assert check(server, raw).result == "fail"


def test_another_domains_signature_proves_nothing(server: NameServer) -> None:
    server.records["s1._domainkey.evil.example", "TXT"] = server.records["s1._domainkey.dora.example", "TXT"]
    found = check(server, signed(domain="evil.example"))
    assert (found.result, found.dkim) == ("fail", ("evil.example",))


def test_one_of_several_signatures_is_enough(server: NameServer) -> None:
    server.records["s1._domainkey.list.example", "TXT"] = server.records["s1._domainkey.dora.example", "TXT"]
    raw = signed(signed(), "list.example")
    assert check(server, raw).result == "pass"


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("v=DKIM1; k=rsa; p=", "revoked"),
        ("v=DKIM1; k=rsa; t=y; p={key}", "only tried out"),
        ("v=DKIM1; k=rsa; p=AAAA", "no key"),
        ("nonsense", "no record"),
        ("", "nothing"),
    ],
)
def test_a_key_that_is_not_valid_proves_nothing(server: NameServer, key: str, why: str) -> None:
    server.records["s1._domainkey.dora.example", "TXT"] = [text(key.format(key=keys()[1]))]
    assert check(server, signed()).result == "fail", why


@pytest.mark.parametrize(
    ("policy", "result"),
    [
        ("v=DMARC1; p=reject", "pass"),
        ("v=DMARC1; p=none; adkim=r", "pass"),
        ("v=DMARC1; p=quarantine; adkim=s", "fail"),
    ],
)
def test_a_subdomain_is_aligned_if_the_policy_is_relaxed(server: NameServer, policy: str, result: str) -> None:
    server.records = zone(policy)
    server.records["s1._domainkey.mail.dora.example", "TXT"] = server.records["s1._domainkey.dora.example", "TXT"]
    assert check(server, signed(domain="mail.dora.example")).result == result


def test_the_organisations_policy_counts_for_its_subdomains(server: NameServer) -> None:
    server.records = zone("v=DMARC1; p=reject; sp=quarantine")
    raw = signed(MAIL.replace(b"dora@dora.example", b"dora@shop.dora.example"))
    found = check(server, raw, domain="shop.dora.example")
    assert (found.result, found.policy) == ("pass", "quarantine")


@pytest.mark.parametrize("policy", ["none", "quarantine", "reject"])
def test_the_policy_says_what_is_wanted_and_changes_no_result(server: NameServer, policy: str) -> None:
    server.records = zone(f"v=DMARC1; p={policy}")
    assert (check(server, signed()).result, check(server, MAIL).result) == ("pass", "fail")
    assert check(server, MAIL).policy == policy


@pytest.mark.parametrize("policy", ["", "v=DMARC2; p=reject", "v=DMARC1; p=whatever", "v=DMARC1"])
def test_without_a_policy_nothing_is_proven(server: NameServer, policy: str) -> None:
    server.records = zone(policy)
    assert check(server, signed()) == Finding("none", "dora.example")


def test_two_policies_are_none(server: NameServer) -> None:
    server.records["_dmarc.dora.example", "TXT"] = [text("v=DMARC1; p=none"), text("v=DMARC1; p=reject")]
    assert check(server, signed()).result == "none"


@pytest.mark.parametrize(
    ("spf", "sender", "peer", "result"),
    [
        (f"v=spf1 ip4:{PEER} -all", "dora@dora.example", PEER, "pass"),
        (f"v=spf1 ip4:{PEER} -all", "dora@dora.example", f"::ffff:{PEER}", "pass"),
        (f"v=spf1 ip4:{PEER} -all", "dora@dora.example", STRANGER, "fail"),
        (f"v=spf1 ip4:{PEER} -all", "", PEER, "fail"),
        (f"v=spf1 ip4:{PEER} -all", "dora@evil.example", PEER, "fail"),
        ("v=spf1 a mx ~all", "dora@dora.example", PEER, "pass"),
        ("v=spf1 include:spf.dora.example -all", "dora@dora.example", PEER, "pass"),
        ("v=spf1 redirect=spf.dora.example", "dora@dora.example", PEER, "pass"),
        ("v=spf1 exists:%{i}.spf.dora.example -all", "dora@dora.example", PEER, "pass"),
        ("v=spf1 ?all", "dora@dora.example", PEER, "fail"),
        ("v=spf1 include:dora.example -all", "dora@dora.example", PEER, "fail"),
        ("v=spf1 ip4:nonsense -all", "dora@dora.example", PEER, "fail"),
        ("v=spf1 ip6:2001:db8::/32 -all", "dora@dora.example", "2001:db8::7", "pass"),
        (f"v=spf1 ip4:{PEER} -all", "dora@dora.example", "", "fail"),
    ],
)
def test_spf_passes_for_the_envelopes_domain(server: NameServer, spf: str, sender: str, peer: str, result: str) -> None:
    server.records |= {
        ("dora.example", "TXT"): [text(spf)],
        ("dora.example", "MX"): ["10 mx.dora.example."],
        ("mx.dora.example", "A"): [PEER],
        ("spf.dora.example", "TXT"): [text(f"v=spf1 ip4:{PEER} -all")],
        (f"{PEER}.spf.dora.example", "A"): ["127.0.0.2"],
        ("evil.example", "TXT"): [text("v=spf1 +all")],
    }
    assert check(server, MAIL, sender=sender, peer=peer).result == result


def test_dns_that_does_not_answer_is_no_proof_and_no_error(server: NameServer, monkeypatch: pytest.MonkeyPatch) -> None:
    from tugi.channels.email.verification import resolving

    monkeypatch.setattr(resolving, "SECONDS_A_QUESTION", 0.2)
    for name in ("_dmarc.dora.example", "s1._domainkey.dora.example"):
        server.silent = {name}
        assert check(server, signed()).result == "temperror"


def test_a_name_server_that_fails_is_no_proof_and_no_error(server: NameServer) -> None:
    server.broken = {"s1._domainkey.dora.example", "dora.example"}
    assert check(server, signed(), sender="dora@dora.example").result == "temperror"


def test_a_signature_is_enough_where_spf_has_no_answer(server: NameServer) -> None:
    server.broken = {"dora.example"}
    assert check(server, signed(), sender="dora@dora.example").result == "pass"


def test_one_mail_asks_a_bounded_number_of_questions(server: NameServer) -> None:
    raw = MAIL
    for number in range(40):
        raw = signed(raw, f"d{number}.example")
    check(server, raw)
    assert len(server.asked) < 20


def test_blanks_without_end_take_no_time(server: NameServer) -> None:
    """The library's own way takes the square of it: minutes."""
    raw = signed().replace(b"Hello,", b"Hello," + b" " * 2_000_000 + b"x")
    before = time.process_time()
    assert check(server, raw).result == "fail"
    assert time.process_time() - before < 2


@pytest.mark.parametrize(
    "head",
    [b" folded\r\n", b"no colon at all\r\n", b"DKIM-Signature: v=1; a=rsa-sha256; b=\r\n", b"DKIM-Signature: ;;;=\r\n",
     b"DKIM-Signature: v=1; a=rsa-sha256; d=\xff.example; s=\xff; h=from; bh=AAAA; b=AAAA\r\n",
     b"DKIM-Signature: v=1; a=rsa-sha256; d=a..b; s=x; h=from; bh=AAAA; b=AAAA\r\n"],
)  # fmt: skip
def test_no_mail_makes_the_check_fail(server: NameServer, head: bytes) -> None:
    assert check(server, head + MAIL).result == "fail"
    assert check(server, b"").result == "fail"


@pytest.mark.parametrize(
    ("domain", "organisation"),
    [
        ("dora.example", "dora.example"),
        ("a.b.dora.example", "dora.example"),
        ("www.bbc.co.uk", "bbc.co.uk"),
        ("co.uk", "co.uk"),
        ("mine.github.io", "mine.github.io"),
        ("x.firma.ee", "firma.ee"),
    ],
)
def test_the_organisation_is_what_its_owner_registered(domain: str, organisation: str) -> None:
    assert organisation_of(domain) == organisation
