from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps

from tugi.core import crypto
from tugi.core.secret_field import EncryptedText, Secret


@isolate_apps("tugi.core")
def make_model() -> Any:
    class Account(models.Model):
        password = EncryptedText("account.password")

        class Meta:
            app_label = "core"

    return Account


def field_of(model: Any) -> EncryptedText:
    field = model._meta.get_field("password")
    assert isinstance(field, EncryptedText)
    return field


def test_assigned_text_is_read_as_a_secret() -> None:
    account = make_model()(password="hunter2")

    assert account.password.reveal() == "hunter2"
    assert account.password


def test_it_shows_itself_nowhere() -> None:
    secret = make_model()(password="hunter2").password

    assert "hunter2" not in f"{secret} {secret!r} {[secret]}"


def test_the_column_holds_ciphertext_that_opens_for_this_purpose_only() -> None:
    model = make_model()
    stored = field_of(model).get_prep_value(model(password="hunter2").password)

    assert "hunter2" not in stored
    assert crypto.decrypt_text("account.password", stored) == "hunter2"
    with pytest.raises(crypto.Unreadable):
        crypto.decrypt_text("mailbox.password", stored)


def test_what_the_column_holds_is_opened_only_when_asked() -> None:
    read = field_of(make_model()).from_db_value("no ciphertext", models.Value("x"), connection)

    assert isinstance(read, Secret)
    with pytest.raises(crypto.CryptoError):
        read.reveal()


def test_no_secret_is_empty() -> None:
    account = make_model()()

    assert not account.password
    assert account.password.reveal() == ""
    assert field_of(type(account)).get_prep_value(account.password) == ""


def test_it_cannot_be_searched() -> None:
    with pytest.raises(TypeError):
        make_model()._default_manager.filter(password="hunter2")


def test_migrations_name_its_purpose() -> None:
    assert field_of(make_model()).deconstruct()[3]["purpose"] == "account.password"
