from __future__ import annotations

from django.db import models

from tugi.channels.email.models.mailboxes import Mailbox
from tugi.tickets.models import Message, Ticket


class TicketMailbox(models.Model):
    """The mailbox that a ticket came to, and that answers it."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="mailbox_link")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="ticket_links")

    def __str__(self) -> str:
        return f"{self.ticket_id} at {self.mailbox_id}"


class KnownMessageId(models.Model):
    """The Message-ID of a mail that came in, by its hash: others' ids have any length and any letters."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="known_ids")
    id_hash = models.CharField(max_length=64)
    value = models.TextField()
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="known_ids")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "id_hash", "message"], name="known_id_once"),
        ]

    def __str__(self) -> str:
        return self.value
