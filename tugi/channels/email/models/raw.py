from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from tugi.channels.email.models.mailboxes import Mailbox
from tugi.events.work import WorkRow, work_indexes
from tugi.tickets.models import Message, Proof


class Via(models.TextChoices):
    IMAP = "imap", _("Fetched by IMAP")
    POP3 = "pop3", _("Fetched by POP3")
    SMTP = "smtp", _("Delivered by SMTP")
    LMTP = "lmtp", _("Delivered by LMTP")
    PIPE = "pipe", _("Handed over by a mail server")


class Outcome(models.TextChoices):
    """What became of a mail that came in; empty until it is read."""

    OPENED = "opened", _("Opened a ticket")
    JOINED = "joined", _("Joined its ticket")
    THIRD_PARTY = "third_party", _("Kept as an internal note: somebody else wrote to the ticket's address")
    INTERNAL = "internal", _("Kept as an internal note: it answered one")
    REFUSED = "refused", _("Answered a closed ticket; its sender was told to write anew")
    AGENT = "agent", _("Answered, noted or commanded as an agent")
    NOT_AGENT = "not_agent", _("Came to an agent's address and was refused")
    BOUNCE = "bounce", _("Told us that a mail of ours did not arrive")
    REPORT = "report", _("A delivery report without consequence")
    LOOP = "loop", _("Came from one of our own addresses; kept, not turned into a ticket")
    DUPLICATE = "duplicate", _("The same mail had come in before")
    WITHHELD = "withheld", _("Carried a link that sets an agent's password; shown to nobody")
    NOT_GIVEN = "not_given", _("Its server does not hand it over; it is still there")
    TOO_LARGE = "too_large", _("Larger than the desk takes; only its header was kept")


MADE_SOMETHING = (
    Outcome.OPENED,
    Outcome.JOINED,
    Outcome.THIRD_PARTY,
    Outcome.INTERNAL,
    Outcome.REFUSED,
    Outcome.AGENT,
    Outcome.NOT_AGENT,
)
"""Outcomes of mails that have done something, and must not do it again by another road."""


LEFT_THERE = (Outcome.NOT_GIVEN, Outcome.TOO_LARGE)
"""Outcomes of mails that are still on their server: no more than a header of them is here."""


class RawMail(WorkRow):
    """A mail as it came, byte for byte. Written before anything is acknowledged; processed afterwards, once.

    `envelope_from` is None where the envelope is not known, empty for the null sender. The same bytes in
    the same mailbox are one row; another body under a known Message-ID is another row. `authentication` is what our
    own check of the sender found (`verification.Finding`), None before it and where there is none: asked once, so that
    reading the mail again decides as before. `is_counted` says that its mailbox's tally holds it.
    """

    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="mails")
    via = models.CharField(max_length=8, choices=Via.choices)
    peer = models.CharField(max_length=45, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    dedupe_key = models.CharField(max_length=64)
    content_key = models.CharField(max_length=64)
    envelope_from = models.CharField(max_length=320, null=True, blank=True)
    envelope_to: models.JSONField[list[str], list[str]] = models.JSONField(default=list, blank=True)
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="raw_mails")
    proof = models.CharField(max_length=8, choices=Proof.choices, blank=True)
    authentication: models.JSONField[dict[str, Any] | None, dict[str, Any] | None] = models.JSONField(
        null=True, blank=True
    )
    may_answer = models.BooleanField(default=False)
    is_counted = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "dedupe_key", "sha256"], name="raw_mail_once"),
            models.UniqueConstraint(
                fields=["mailbox", "content_key"],
                condition=models.Q(outcome__in=MADE_SOMETHING),
                name="raw_mail_told_once",
            ),
        ]
        indexes = [
            *work_indexes("raw_mail"),
            models.Index(fields=["mailbox", "content_key"], name="raw_mail_content"),
            models.Index(fields=["id"], condition=models.Q(state="failed"), name="raw_mail_failed"),
            models.Index(fields=["id"], condition=models.Q(is_counted=False), name="raw_mail_uncounted"),
        ]

    def __str__(self) -> str:
        return f"mail {self.pk}"
