"""A column that keeps a secret encrypted, and a value that does not show itself by accident."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Combinable, Expression
from django.db.models.query_utils import DeferredAttribute

from tugi.core import crypto


class Secret:
    """Something secret in memory. `reveal()` gives it; `repr`, `str`, logs and tracebacks do not."""

    __slots__ = ("_plain", "_purpose", "ciphertext")

    def __init__(self, purpose: str, plain: str | None = None, *, ciphertext: str = "") -> None:
        self._purpose: Final = purpose
        self._plain = plain
        self.ciphertext = crypto.encrypt(purpose, plain) if plain else ciphertext

    def reveal(self) -> str:
        """The secret itself; empty where none was set. Raises `crypto.CryptoError`."""
        if self._plain is None:
            self._plain = crypto.decrypt_text(self._purpose, self.ciphertext) if self.ciphertext else ""
        return self._plain

    def __bool__(self) -> bool:
        return bool(self.ciphertext)

    def __repr__(self) -> str:
        return "<secret>" if self else "<no secret>"

    __str__ = __repr__


class _SecretAttribute(DeferredAttribute):
    """Turns what is assigned into a Secret at once, so that plain text never sits on a row."""

    field: EncryptedText

    def __set__(self, instance: models.Model, value: Secret | str | None) -> None:
        instance.__dict__[self.field.attname] = self.field.to_python(value)


if TYPE_CHECKING:
    _Text = models.TextField[Secret | str | Combinable, Secret]
else:
    _Text = models.TextField  # takes no types where Django runs


class EncryptedText(_Text):
    """Text closed with the installation's key. Assign a `str`, read a `Secret`.

    `purpose` is part of the lock, such as "mailbox.password": a value moved to another column does
    not open. It cannot be searched: equal secrets look different.
    """

    descriptor_class = _SecretAttribute

    def __init__(self, purpose: str = "", **options: Any) -> None:
        self.purpose = purpose
        options.setdefault("blank", True)
        options.setdefault("default", "")
        options["editable"] = False
        super().__init__(**options)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "purpose": self.purpose}

    def to_python(self, value: Any) -> Secret:
        if isinstance(value, Secret):
            return value
        return Secret(self.purpose, str(value or ""))

    def from_db_value(self, value: str, expression: Expression, connection: BaseDatabaseWrapper) -> Secret:
        return Secret(self.purpose, ciphertext=value)

    def get_prep_value(self, value: Any) -> str:
        return self.to_python(value).ciphertext

    def value_to_string(self, obj: models.Model) -> str:
        """Exports hold no secrets."""
        return ""

    def get_lookup(self, lookup_name: str) -> None:
        raise TypeError(f"{self.name} is encrypted and cannot be compared.")
