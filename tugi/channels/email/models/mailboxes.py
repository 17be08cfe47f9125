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


class Protocol(models.TextChoices):
    """How mail is fetched."""

    IMAP = "imap", _("IMAP")
    POP3 = "pop3", _("POP3")


class Start(models.TextChoices):
    """Where in a folder fetching begins when it is opened for the first time."""

    NEW = "new", _("Only new mail from now on")
    ALL = "all", _("Everything that is in the folder")


class Afterwards(models.TextChoices):
    """What becomes, on its server, of a mail that the desk has taken."""

    KEEP = "keep", _("Leave it where it is")
    MOVE = "move", _("Move it to another folder")
    DELETE = "delete", _("Delete it")


LATE_AFTER_DAYS = 30
"""After so many days an answer is more likely a new request than news of the old one."""


class LateReply(models.TextChoices):
    """What becomes of a customer's answer to a ticket that has been done for long."""

    NEW = "new", _("Open a new ticket that names the old one")
    REOPEN = "reopen", _("Reopen the old ticket")
    REFUSE = "refuse", _("Refuse it and ask the sender to write anew")


class SignIn(models.TextChoices):
    """How the desk shows a mail server that it may come in: by a password, or by a provider's consent (OAuth 2)."""

    PASSWORD = "password", _("With a password")
    GOOGLE = "google", _("With Google")
    MICROSOFT = "microsoft", _("With Microsoft")
    OTHER = "other", _("With another provider (OAuth 2)")


class MailboxQuerySet(models.QuerySet["Mailbox"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def fetched(self) -> Self:
        """Those whose mail is fetched."""
        return self.active().filter(imap_on=True).exclude(imap_host="")


class Mailbox(models.Model):
    """An address of the desk: where its mail comes in, how it goes out, and how well that works.

    `authserv_id` is the name under which our own mail server writes Authentication-Results; empty
    means that none is believed. `most_a_minute` and `most_an_hour` are the mails that its server takes,
    `automatic_an_hour` those that no person wrote; 0 is no limit. `late_reply` is for answers to tickets done for
    `late_after_days` or more; earlier ones reopen.
    `fetch_claimed_until` says that a fetcher has it in hand, `fetch_wanted` that its server has told of new mail
    since the last began, `watched_until` that the worker `watched_by` waits there for such news.
    What begins with `imap_` is the account that mail is fetched from, by the protocol that `fetch_protocol` names;
    `imap_folders` holds one name a line.
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

    fetch_protocol = models.CharField(max_length=4, choices=Protocol.choices, default=Protocol.IMAP)
    imap_on = models.BooleanField(default=False)
    imap_host = models.CharField(max_length=253, blank=True)
    imap_port = models.PositiveIntegerField(default=993)
    imap_security = models.CharField(max_length=8, choices=Security.choices, default=Security.TLS)
    imap_username = models.CharField(max_length=254, blank=True)
    imap_password = EncryptedText("mailbox.imap-password")
    imap_folders = models.TextField(default="INBOX")
    imap_start = models.CharField(max_length=4, choices=Start.choices, default=Start.NEW)
    imap_afterwards = models.CharField(max_length=8, choices=Afterwards.choices, default=Afterwards.KEEP)
    imap_move_to = models.CharField(max_length=200, blank=True)

    smtp_on = models.BooleanField(default=False)
    smtp_host = models.CharField(max_length=253, blank=True)
    smtp_port = models.PositiveIntegerField(default=465)
    smtp_security = models.CharField(max_length=8, choices=Security.choices, default=Security.TLS)
    smtp_username = models.CharField(max_length=254, blank=True)
    smtp_password = EncryptedText("mailbox.smtp-password")
    most_a_minute = models.PositiveIntegerField(default=0)
    most_an_hour = models.PositiveIntegerField(default=0)
    automatic_an_hour = models.PositiveIntegerField(default=3000)

    sign_in = models.CharField(max_length=9, choices=SignIn.choices, default=SignIn.PASSWORD)
    oauth_client_id = models.CharField(max_length=255, blank=True)
    oauth_client_secret = EncryptedText("mailbox.oauth-client-secret")
    oauth_authorise_url = models.CharField(max_length=500, blank=True)
    oauth_token_url = models.CharField(max_length=500, blank=True)
    oauth_scopes = models.CharField(max_length=1000, blank=True)

    last_fetched_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_error = models.TextField(blank=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    retry_at = models.DateTimeField(null=True, blank=True, editable=False)
    fetch_claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    fetch_wanted = models.BooleanField(default=False, editable=False)
    watched_until = models.DateTimeField(null=True, blank=True, editable=False)
    watched_by = models.CharField(max_length=120, blank=True, editable=False)
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
    def folders(self) -> list[str]:
        """The folders that are fetched, each once."""
        return list(dict.fromkeys(filter(None, map(str.strip, self.imap_folders.splitlines()))))

    @property
    def compared_folders(self) -> list[str]:
        """The folders of which it is asked what they hold. POP3 knows none."""
        return self.folders if self.imap_on and self.fetch_protocol == Protocol.IMAP else []

    @property
    def is_kept_there(self) -> bool:
        """Does taken mail stay where it is on its server?"""
        return self.imap_afterwards == Afterwards.KEEP

    @property
    def sender(self) -> Address:
        return Address(self.display_name, self.address)

    @property
    def keys(self) -> frozenset[str]:
        """All its addresses, ready to be compared."""
        return frozenset(address_key(each) for each in (self.address, *self.aliases))


class MailboxCursor(models.Model):
    """How far a folder is fetched. UIDs mean something only under one UIDVALIDITY (RFC 3501 2.3.1.1). The one without
    a name is what POP3 reads; it has `PopMail` instead of numbers.

    `began_at` is when the folder was first opened, under whatever UIDVALIDITY; None for a cursor older than this
    column. Up to `known_to` its server has numbered anew mails of which we may have many already.
    """

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="cursors")
    folder = models.CharField(max_length=200)
    uidvalidity = models.BigIntegerField()
    last_uid = models.BigIntegerField(default=0)
    began_at = models.DateTimeField(null=True)
    known_to = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "folder", "uidvalidity"], name="mailbox_cursor_once"),
        ]

    def __str__(self) -> str:
        return f"{self.folder} of {self.mailbox_id} at {self.last_uid}"


class TakenMail(models.Model):
    """A mail that is durable here and still to be moved or deleted on its server.

    Written in the transaction that moves the cursor past it: a crash leaves it, and the next fetch sees to it.
    """

    cursor = models.ForeignKey(MailboxCursor, on_delete=models.CASCADE, related_name="taken")
    uid = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cursor", "uid"], name="taken_mail_once")]

    def __str__(self) -> str:
        return f"{self.uid} of cursor {self.cursor_id}"


class PopMail(models.Model):
    """A mail on a POP3 server that need not be fetched again, by its unique id there (RFC 1939, UIDL).

    `is_to_go`: it is durable here and to be deleted there. `missing_since`: no longer on the server; a list that is
    short by a mishap must not make everything new, so that the row goes some days later.
    """

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="pop_mails")
    uidl = models.CharField(max_length=100)
    is_to_go = models.BooleanField(default=False)
    missing_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "uidl"], name="pop_mail_once")]

    def __str__(self) -> str:
        return f"{self.uidl} of {self.mailbox_id}"
