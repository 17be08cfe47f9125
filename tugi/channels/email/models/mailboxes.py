from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tugi.core.mail_addresses import Address, address_key
from tugi.core.reasons import tell
from tugi.core.secret_field import EncryptedText
from tugi.people.models import Department


class Security(models.TextChoices):
    """How the line to a mail server is kept private."""

    TLS = "tls", _("TLS")
    STARTTLS = "starttls", _("STARTTLS")
    PLAIN = "plain", _("None (only on this machine)")


class Start(models.TextChoices):
    """Where in a folder fetching begins when it is opened for the first time."""

    NEW = "new", _("Only new mail from now on")
    ALL = "all", _("Everything that is in the folder")


LATE_AFTER_DAYS = 30
"""After so many days an answer is more likely a new request than news of the old one."""


class LateReply(models.TextChoices):
    """What becomes of a customer's answer to a ticket that has been done for long."""

    NEW = "new", _("Open a new ticket that names the old one")
    REOPEN = "reopen", _("Reopen the old ticket")
    REFUSE = "refuse", _("Refuse it and ask the sender to write anew")


class MailboxQuerySet(models.QuerySet["Mailbox"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def fetched(self) -> Self:
        """Those whose mail is fetched by IMAP."""
        return self.active().filter(imap_on=True).exclude(imap_host="")


class Mailbox(models.Model):
    """An address of the desk: where its mail comes in, how it goes out, and how well that works.

    `authserv_id` is the name under which our own mail server writes Authentication-Results; empty
    means that none is believed. `late_reply` is for answers to tickets done for `late_after_days` or more; earlier ones
    reopen. `fetch_claimed_until` says that a fetcher has it in hand.
    """

    address = models.EmailField(max_length=254)
    aliases: models.JSONField[list[str], list[str]] = models.JSONField(default=list, blank=True)
    display_name = models.CharField(max_length=120, blank=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="mailboxes")
    language = models.CharField(max_length=10, default="en")
    signature = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)
    plus_addresses = models.BooleanField(default=True)
    authserv_id = models.CharField(max_length=253, blank=True)
    late_reply = models.CharField(max_length=8, choices=LateReply.choices, default=LateReply.NEW)
    late_after_days = models.PositiveSmallIntegerField(default=LATE_AFTER_DAYS)

    imap_on = models.BooleanField(default=False)
    imap_host = models.CharField(max_length=253, blank=True)
    imap_port = models.PositiveIntegerField(default=993)
    imap_security = models.CharField(max_length=8, choices=Security.choices, default=Security.TLS)
    imap_username = models.CharField(max_length=254, blank=True)
    imap_password = EncryptedText("mailbox.imap-password")
    imap_folder = models.CharField(max_length=200, default="INBOX")
    imap_start = models.CharField(max_length=4, choices=Start.choices, default=Start.NEW)

    smtp_on = models.BooleanField(default=False)
    smtp_host = models.CharField(max_length=253, blank=True)
    smtp_port = models.PositiveIntegerField(default=465)
    smtp_security = models.CharField(max_length=8, choices=Security.choices, default=Security.TLS)
    smtp_username = models.CharField(max_length=254, blank=True)
    smtp_password = EncryptedText("mailbox.smtp-password")

    last_fetched_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_error = models.TextField(blank=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    retry_at = models.DateTimeField(null=True, blank=True, editable=False)
    fetch_claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(editable=False)

    objects = MailboxQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "mailboxes"
        constraints = [models.UniqueConstraint(Lower("address"), name="mailbox_address_once")]

    def __str__(self) -> str:
        return self.address

    @property
    def trouble(self) -> str:
        """Why fetching does not work, in the language of whoever reads it."""
        return tell(self.last_error)

    @property
    def host(self) -> str:
        """The domain under which its mails are named."""
        return address_key(self.address).rpartition("@")[2]

    @property
    def sender(self) -> Address:
        return Address(self.display_name, self.address)

    @property
    def keys(self) -> frozenset[str]:
        """All its addresses, ready to be compared."""
        return frozenset(address_key(each) for each in (self.address, *self.aliases))


class MailboxCursor(models.Model):
    """How far a folder is fetched. UIDs mean something only under one UIDVALIDITY (RFC 3501 2.3.1.1)."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="cursors")
    folder = models.CharField(max_length=200)
    uidvalidity = models.BigIntegerField()
    last_uid = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "folder", "uidvalidity"], name="mailbox_cursor_once"),
        ]

    def __str__(self) -> str:
        return f"{self.folder} of {self.mailbox_id} at {self.last_uid}"
