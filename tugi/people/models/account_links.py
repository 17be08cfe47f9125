from __future__ import annotations

from django.conf import settings
from django.db import models


class AccountLink(models.Model):
    """A link that lets its agent choose a password: once, for a while, and only until the next one is made."""

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="account_links")
    key_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"link for {self.agent_id}"
