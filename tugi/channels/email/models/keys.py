from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tugi.channels.email.models.mailboxes import Mailbox
from tugi.core.secret_field import EncryptedText


class KeySystem(models.TextChoices):
    SMIME = "smime", _("S/MIME")
    OPENPGP = "openpgp", _("OpenPGP")


class MailboxKey(models.Model):
    """A key of a mailbox: with a private half its own, by which mail to it is opened; without, one it trusts to sign.

    `public` is a certificate in PEM or armour. The private half and its passphrase are shown to nobody, ever.
    """

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="mail_keys")
    system = models.CharField(max_length=8, choices=KeySystem.choices)
    fingerprint = models.CharField(max_length=64)
    owner = models.CharField(max_length=300, blank=True)
    public = models.TextField()
    private = EncryptedText("mailbox-key.private")
    passphrase = EncryptedText("mailbox-key.passphrase")
    expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "system", "fingerprint"], name="mailbox_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.system} key {self.fingerprint[:16]}"
