from __future__ import annotations

from django.db import models

from tugi.core.secret_field import EncryptedText


class DkimKey(models.Model):
    """With what mails from one domain are signed (RFC 6376). `public_key` is what DNS is to say, in base64.

    `is_signing` is off until its record is published: a signature that nobody can check helps nobody.
    """

    domain = models.CharField(max_length=253, unique=True)
    selector = models.CharField(max_length=63)
    private_key = EncryptedText("dkim.private-key")
    public_key = models.TextField()
    is_signing = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.record_name

    @property
    def record_name(self) -> str:
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def record(self) -> str:
        return f"v=DKIM1; k=rsa; p={self.public_key}"
