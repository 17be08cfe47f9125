"""Keys as people have them."""

from __future__ import annotations

from collections.abc import Callable

import pysequoia
import pytest

from tugi.channels.email.protection.inspecting import inspect_key
from tugi.channels.email.protection.isolated import inspect_isolated
from tugi.channels.email.protection.keys import KeyRefused
from tugi.channels.email.tests.protection import samples as s


@pytest.mark.parametrize(
    ("data", "passphrase", "is_private"),
    [
        (lambda: s.private("desk"), "", True),
        (lambda: s.certificate("desk"), "", False),
        (lambda: s.pkcs12("desk", "right horse"), "right horse", True),
        (lambda: str(s.openpgp_secret("desk")).encode(), "", True),
        (lambda: bytes(s.openpgp_secret("desk")), "", True),
        (lambda: str(s.openpgp_secret("desk").extract_certificate()).encode(), "", False),
        (lambda: bytes(s.openpgp_secret("desk").extract_certificate()), "", False),
    ],
)
def test_keys_are_read_in_all_their_forms(data: Callable[[], bytes], passphrase: str, is_private: bool) -> None:
    found = inspect_isolated(data(), passphrase)
    assert found.who == "Desk <support@acme.example>"
    assert found.addresses == ("support@acme.example",)
    assert (found.expires_at is not None) == (found.key.system == "smime")
    assert bool(found.key.private) is is_private
    assert "PRIVATE" not in found.key.public
    assert "PRIVATE" not in repr(found.key)


@pytest.mark.parametrize(
    ("data", "passphrase", "reason"),
    [
        (lambda: b"hello", "", "unreadable"),
        (lambda: b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nxxxx\n", "", "unreadable"),
        (lambda: b"\x99" * 500, "", "unreadable"),
        (lambda: s.pkcs12("desk", "right horse"), "wrong", "passphrase"),
        (lambda: s.private("desk").partition(b"-----BEGIN CERT")[0] + s.certificate("ann"), "", "mismatch"),
        (lambda: str(s.openpgp_secret("desk")).encode(), "not locked", "passphrase"),
    ],
)
def test_what_is_no_usable_key_is_refused_in_one_word(data: Callable[[], bytes], passphrase: str, reason: str) -> None:
    with pytest.raises(KeyRefused) as caught:
        inspect_isolated(data(), passphrase)
    assert caught.value.reason == reason


def test_a_certificate_is_not_mistaken_for_a_secret() -> None:
    public = pysequoia.Tsk.generate("Ann <ann@example.com>").extract_certificate()
    assert inspect_key(bytes(public), "").key.private == ""
