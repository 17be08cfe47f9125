from __future__ import annotations

from django.db import models


class SetUpKey(models.Model):
    """The key printed on the console at the first start; only its hash is kept, and only until it is used."""

    key_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"key of {self.created_at:%Y-%m-%d}"
