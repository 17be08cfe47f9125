from __future__ import annotations

from dataclasses import replace

import pytest
from django.conf import settings
from pytest_django import Settings

from tugi.core import crypto

NEWER = "another-key-Zq8vLk2xWb7tYc1rJp6mHd3gUe0aToXi8wNqBy5KfRvZ4sN9"


def test_what_was_encrypted_is_read_again() -> None:
    closed = crypto.encrypt("mailbox.password", "пароль")

    assert crypto.decrypt_text("mailbox.password", closed) == "пароль"
    assert "пароль" not in closed


def test_the_same_secret_looks_different_each_time() -> None:
    assert crypto.encrypt("p", "same") != crypto.encrypt("p", "same")


def test_a_secret_of_another_purpose_is_refused() -> None:
    with pytest.raises(crypto.Unreadable):
        crypto.decrypt("webhook.secret", crypto.encrypt("mailbox.password", "x"))


@pytest.mark.parametrize("text", ["", "plain password", "AAAA", "x" * 400, "é"])
def test_what_is_no_ciphertext_is_refused_and_never_handed_out(text: str) -> None:
    with pytest.raises(crypto.CryptoError):
        crypto.decrypt("p", text)


def test_one_changed_character_is_refused() -> None:
    closed = crypto.encrypt("p", "x" * 30)
    changed = closed[:40] + ("A" if closed[40] != "A" else "B") + closed[41:]

    with pytest.raises(crypto.Unreadable):
        crypto.decrypt("p", changed)


def test_after_rotation_old_secrets_open_and_ask_for_renewal(settings: Settings) -> None:
    closed = crypto.encrypt("p", "x")
    settings.KEYS = replace(settings.KEYS, encryption_key=(NEWER, *settings.KEYS.encryption_key))

    assert crypto.decrypt("p", closed) == b"x"
    assert crypto.needs_renewal(closed)
    assert not crypto.needs_renewal(crypto.encrypt("p", "x"))


def test_a_secret_of_a_lost_key_names_that_key(settings: Settings) -> None:
    closed = crypto.encrypt("p", "x")
    lost = crypto.key_id(settings.KEYS.encryption_key[0]).hex()
    settings.KEYS = replace(settings.KEYS, encryption_key=(NEWER,))

    with pytest.raises(crypto.KeyMissing, match=lost):
        crypto.decrypt("p", closed)


def test_without_keys_nothing_is_stored_in_the_clear(settings: Settings) -> None:
    settings.KEYS = replace(settings.KEYS, encryption_key=())

    with pytest.raises(crypto.KeyMissing):
        crypto.encrypt("p", "x")


def test_a_mark_is_bound_to_its_purpose_and_its_parts() -> None:
    tag = crypto.mac("reply", "ab", "c")

    assert crypto.mac_matches(tag, "reply", "ab", "c")
    assert crypto.mac_matches(tag[:10], "reply", "ab", "c")
    assert not crypto.mac_matches(tag, "reply", "a", "bc")
    assert not crypto.mac_matches(tag, "other", "ab", "c")
    assert not crypto.mac_matches(tag[:9], "reply", "ab", "c")


def test_tokens_differ_and_their_hash_is_bound_to_the_purpose() -> None:
    token = crypto.random_token()

    assert token != crypto.random_token()
    assert len(token) >= 22
    assert crypto.token_hash("invite", token) == crypto.token_hash("invite", token)
    assert crypto.token_hash("invite", token) != crypto.token_hash("reset", token)


def test_the_self_test_passes_with_keys() -> None:
    assert settings.KEYS.are_complete
    crypto.self_test()


def test_keys_do_not_show_themselves() -> None:
    assert settings.KEYS.secret_key[0] not in repr(settings.KEYS)
