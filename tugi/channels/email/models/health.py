"""What is kept so that the health of mail can be shown without counting big tables."""

from __future__ import annotations

from django.db import models

from tugi.channels.email.models.mailboxes import Mailbox


class MailTally(models.Model):
    """How many mails of a mailbox had which outcome, of those marked as counted; `last_at` is the newest's."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="tallies")
    outcome = models.CharField(max_length=20)
    count = models.PositiveBigIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "mail tallies"
        constraints = [models.UniqueConstraint(fields=["mailbox", "outcome"], name="mail_tally_once")]

    def __str__(self) -> str:
        return f"{self.count} {self.outcome} at {self.mailbox_id}"


class FolderReading(models.Model):
    """What a folder's server said when it was last asked, beside what we had of it then.

    Of the mails behind `begin_uid` that we have passed, the newest `compared` were looked for here; `missing` were not
    found. `waiting` are those that came behind `taken_uid`, which are still to be fetched.
    """

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="readings")
    folder = models.CharField(max_length=200)
    uidvalidity = models.BigIntegerField()
    begin_uid = models.BigIntegerField()
    newest_uid = models.BigIntegerField()
    taken_uid = models.BigIntegerField()
    on_server = models.PositiveIntegerField()
    waiting = models.PositiveIntegerField()
    compared = models.PositiveIntegerField()
    missing = models.PositiveIntegerField()
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["folder"]
        constraints = [models.UniqueConstraint(fields=["mailbox", "folder"], name="folder_reading_once")]

    def __str__(self) -> str:
        return f"{self.folder} of {self.mailbox_id}"


class StorageLevel(models.Model):
    """The one row that says which mark of fullness was told last, so that each crossing is told once."""

    mark = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="mail_one_storage_level")]

    def __str__(self) -> str:
        return f"{self.mark} %"
