"""Values in the database that none of the installation's keys opens: the key file was lost, or is another desk's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models

from tugi.core import crypto
from tugi.core.secret_field import EncryptedText, Secret


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


def forget(lost: Lost) -> None:
    """Empty the value, so that it can be entered again."""
    setattr(lost.row, lost.field, "")
    lost.row.save(update_fields=[lost.field])


def _lost_in(model: type[models.Model], field: str) -> Iterator[Lost]:
    for row in model._default_manager.exclude(pk=None).iterator():
        secret = getattr(row, field)
        assert isinstance(secret, Secret)
        if secret and not crypto.has_key_of(secret.ciphertext):
            yield Lost(row, field)
