from __future__ import annotations

from django.db import models

from tugi.channels.email.models.mailboxes import Mailbox
from tugi.core.secret_field import EncryptedText


class Consent(models.Model):
    """A mailbox owner's consent, kept by their provider, that the desk signs in for them (OAuth 2, RFC 6749).

    `version` counts its tokens: who writes new ones says which they replace. One worker at a time renews, until
    `renewing_until` at the latest. `trouble` is the reason why it is no longer good; empty while it is.
    """

    mailbox = models.OneToOneField(Mailbox, on_delete=models.CASCADE, related_name="consent")
    refresh_token = EncryptedText("mailbox.oauth-refresh-token")
    access_token = EncryptedText("mailbox.oauth-access-token")
    expires_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    renewing_until = models.DateTimeField(null=True)
    given_at = models.DateTimeField()
    trouble = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"consent for mailbox {self.mailbox_id}"
