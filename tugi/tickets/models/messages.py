from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tugi.core.protection import Layer
from tugi.people.access import access_of
from tugi.people.models import Agent, Contact, Permission
from tugi.tickets.models.tickets import Ticket


class MessageKind(models.TextChoices):
    INBOUND = "inbound", _("From the customer")
    OUTBOUND = "outbound", _("Reply")
    NOTE = "note", _("Internal note")


class Proof(models.TextChoices):
    """How sure it is that the author of an inbound message is who it says."""

    NONE = "none", _("Unverified sender")
    SENDER = "sender", _("The sender's mail server vouches for it")
    TOKEN = "token", _("Came through a link or address only the participant has")


class Delivery(models.TextChoices):
    """What became of an outbound message; empty for messages that do not travel."""

    WAITING = "waiting", _("Will be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Not delivered")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, agent: Agent) -> Self:
        departments = access_of(agent).departments_for(Permission.SEE_TICKETS)
        return self if departments is None else self.filter(ticket__department_id__in=departments)

    def public(self) -> Self:
        """What the customer may read."""
        return self.exclude(kind=MessageKind.NOTE).exclude(delivery=Delivery.WITHDRAWN)


class Message(models.Model):
    """One thing said. `html` is cleaned and shown, `text` is searched; the quoted rest is kept apart.

    `invitations` and `protection` are rows of `core.invitations` and `core.protection`; most messages have neither.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=10, choices=MessageKind.choices)
    channel = models.CharField(max_length=20)
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="messages")
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="messages"
    )
    author_name = models.CharField(max_length=160, blank=True)
    author_address = models.CharField(max_length=320, blank=True)
    to: models.JSONField[list[str], list[str]] = models.JSONField(default=list, blank=True)
    cc: models.JSONField[list[str], list[str]] = models.JSONField(default=list, blank=True)
    html = models.TextField(blank=True)
    text = models.TextField(blank=True)
    quoted_html = models.TextField(blank=True)
    quoted_text = models.TextField(blank=True)
    language = models.CharField(max_length=10, blank=True)
    proof = models.CharField(max_length=8, choices=Proof.choices, blank=True)
    is_automatic = models.BooleanField(default=False)
    raw_blob = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True, blank=True)
    invitations: models.JSONField[Any, Any] = models.JSONField(null=True, blank=True)
    protection: models.JSONField[Any, Any] = models.JSONField(null=True, blank=True)
    delivery = models.CharField(max_length=10, choices=Delivery.choices, blank=True)
    delivery_error = models.TextField(blank=True)
    send_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["ticket", "id"], name="message_ticket")]

    @property
    def was_opened(self) -> bool:
        """Did it come encrypted, and was opened here? Then its words are the desk's to read, and go nowhere else:
        anybody can send on what was written to others, and must not have it opened for them."""
        return any(Layer(**each).was_opened for each in self.protection or ())

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_note(self) -> bool:
        return self.kind == MessageKind.NOTE


class Attachment(models.Model):
    """A file of a message. The bytes lie in the blob store under their SHA-256; the name is only shown."""

    class Scan(models.TextChoices):
        NOT_SCANNED = "not_scanned", _("Not scanned")
        CLEAN = "clean", _("No virus found")
        INFECTED = "infected", _("Virus found")

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    content_id = models.CharField(max_length=255, blank=True)
    is_inline = models.BooleanField(default=False)
    is_noise = models.BooleanField(default=False)
    scan = models.CharField(max_length=12, choices=Scan.choices, default=Scan.NOT_SCANNED)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
