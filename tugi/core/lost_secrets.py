"""Values in the database that none of the installation's keys opens: the key file was lost, or is another desk's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import models

from tugi.core import crypto
from tugi.core.secret_field import EncryptedText, Secret

Forget = Callable[[int, str], object]
_owners: dict[str, Forget] = {}


@dataclass(frozen=True)
class Lost:
    """One value of one row."""

    row: models.Model
    field: str

    def __str__(self) -> str:
        return f"{self.row._meta.verbose_name} {self.row}: {self.field}"


def lost_secrets() -> Iterator[Lost]:
    """Each encrypted value whose key is not here. Raises DatabaseError where there are no tables yet."""
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, EncryptedText):
                yield from _lost_in(model, field.name)


def register(label: str, forget: Forget) -> None:
    """Tell how a value of the model `app.Model` is emptied: an action of its app gets the row's id and the field."""
    _owners[label] = forget


def forget(lost: Lost) -> None:
    """Empty the value, so that it can be entered again. Raises ImproperlyConfigured where nobody said how."""
    label = lost.row._meta.label
    if label not in _owners:
        raise ImproperlyConfigured(f"nobody has registered how values of {label} are emptied")
    _owners[label](lost.row.pk, lost.field)


def _lost_in(model: type[models.Model], field: str) -> Iterator[Lost]:
    for row in model._default_manager.all().iterator():
        secret = getattr(row, field)
        assert isinstance(secret, Secret)
        if secret and not crypto.has_key_of(secret.ciphertext):
            yield Lost(row, field)
