from __future__ import annotations

from django.db import models

from tugi.people.models import Contact
from tugi.tickets.models.tickets import Ticket


class TicketLink(models.Model):
    """A key to one ticket's customer page, given to one contact. Only the hash of the key is kept."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="links")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="links")
    key_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"link {self.pk}"
