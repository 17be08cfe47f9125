from __future__ import annotations

from django.db import models

from tugi.tickets.models.messages import Message
from tugi.tickets.models.statuses import Status
from tugi.tickets.models.tickets import Ticket


class Merge(models.Model):
    """One ticket's messages went into another. Holds what is needed to undo it exactly."""

    source = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="merges_out")
    target = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="merges_in")
    source_status = models.ForeignKey(Status, on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    messages: models.ManyToManyField[Message, models.Model] = models.ManyToManyField(
        Message, through="MergedMessage", related_name="merges"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source"], condition=models.Q(undone_at=None), name="ticket_merged_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} into {self.target_id}"


class MergedMessage(models.Model):
    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="moved")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["merge", "message"], name="message_merged_once")]

    def __str__(self) -> str:
        return f"{self.message_id} by {self.merge_id}"
