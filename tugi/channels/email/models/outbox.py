from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tugi.channels.email.models.mailboxes import Mailbox
from tugi.core.mail_addresses import address_key
from tugi.events.work import WorkRow, work_indexes
from tugi.people.models import Contact
from tugi.tickets.models import Message, Ticket


class OutboundKind(models.TextChoices):
    REPLY = "reply", _("Reply")
    ACKNOWLEDGEMENT = "acknowledgement", _("Acknowledgement")
    REFUSAL = "refusal", _("Refusal")


class OutboundMessage(WorkRow):
    """One mail on its way out. Its Message-ID is fixed with the row: a second try is the same mail.

    `refused` are the addresses that did not get it, with the words of whoever refused them; another try goes to
    them alone. `deferred` are those of them that were put off, while others have it: they are tried again by
    themselves. `refused_before` is kept nowhere: on a row just handed over, those who were refused before that.
    `contacts` says whose the addresses were when it was written. `reply_revoked` makes the address and the
    Message-ID it carries void for answers.
    """

    kind = models.CharField(max_length=16, choices=OutboundKind.choices)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="outbound_mails")
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.CASCADE, related_name="outbound_mails")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="outbound_mails")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="outbound_mails")
    to: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    cc: models.JSONField[list[str], list[str]] = models.JSONField(default=list, blank=True)
    mail_id = models.CharField(max_length=400, unique=True)
    subject = models.CharField(max_length=280)
    refused: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict, blank=True)
    deferred: models.JSONField[list[str], list[str]] = models.JSONField(default=list, blank=True)
    contacts: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField(default=dict, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    reply_revoked = models.BooleanField(default=False)
    refused_before: frozenset[str] | None = None

    class Meta:
        indexes = [
            *work_indexes("outbound"),
            models.Index(fields=["due_at"], condition=Q(state="failed"), name="outbound_failed"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["message"], condition=Q(kind="reply"), name="reply_leaves_once"),
            models.UniqueConstraint(fields=["ticket"], condition=Q(kind="acknowledgement"), name="acknowledged_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.mail_id}"

    @property
    def everybody(self) -> list[str]:
        return [*self.to, *self.cc]

    @property
    def left_out(self) -> list[str]:
        """Those of its addresses that did not get it, so far as somebody got it."""
        refused = {address_key(each) for each in self.refused}
        return [each for each in self.everybody if address_key(each) in refused]

    @property
    def still_to_reach(self) -> list[str]:
        """To whom it goes: those left out, or everybody before it has left. Nobody once it has and nobody is known."""
        return self.deferred or self.left_out or ([] if self.sent_at else self.everybody)

    @property
    def reached_nobody(self) -> bool:
        return len(self.left_out) == len(self.everybody)


class AutomaticPause(models.Model):
    """Automatic mail of a mailbox, or without one of the whole desk, is stopped: it was more than a desk has to say."""

    key = models.CharField(max_length=40, unique=True)
    mailbox = models.ForeignKey(Mailbox, null=True, on_delete=models.CASCADE, related_name="automatic_pauses")
    since = models.DateTimeField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key} until {self.until}"


class AutomaticMail(models.Model):
    """A mail that a machine of ours decided to send to an address. Counted, so that no loop can grow."""

    address_key = models.CharField(max_length=320)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="automatic_mails")
    decided_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["address_key", "decided_at"], name="automatic_mail_recent")]

    def __str__(self) -> str:
        return f"to {self.address_key}"
