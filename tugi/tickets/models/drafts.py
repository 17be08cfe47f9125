from __future__ import annotations

from django.conf import settings
from django.db import models

from tugi.core import clock
from tugi.tickets.models.messages import Message
from tugi.tickets.models.tickets import Ticket


class TakenDraft(models.Model):
    """A composer's draft that became a message. The key was random when the composer was shown."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="drafts")
    taken_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["taken_at"], name="draft_taken_at")]
        constraints = [models.UniqueConstraint(fields=["ticket", "agent", "key"], name="draft_taken_once")]

    def __str__(self) -> str:
        return f"draft of message {self.message_id}"
