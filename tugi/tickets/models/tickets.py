from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tugi.people.access import access_of
from tugi.people.models import Agent, Contact, Department, Organisation, Permission
from tugi.tickets.models.statuses import Stage, Status

SUBJECT_LENGTH = 250


class Priority(models.TextChoices):
    LOW = "low", _("Low")
    NORMAL = "normal", _("Normal")
    HIGH = "high", _("High")
    URGENT = "urgent", _("Urgent")


class Tag(models.Model):
    name = models.CharField(max_length=40)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="tag_name_once")]

    def __str__(self) -> str:
        return self.name


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, agent: Agent, permission: Permission = Permission.SEE_TICKETS) -> Self:
        """The tickets this agent may see (or act on, by `permission`). Every door starts here."""
        departments = access_of(agent).departments_for(permission)
        return self if departments is None else self.filter(department_id__in=departments)

    def in_stage(self, stage: Stage) -> Self:
        return self.filter(stage=stage)

    def assigned_to(self, agent: Agent) -> Self:
        return self.filter(assignee=agent)

    def unassigned(self) -> Self:
        return self.filter(assignee=None)


class Ticket(models.Model):
    """A request and all that was said about it.

    The columns under "for lists" repeat what messages and status say, so that a list is one index
    walk; only actions write them.
    """

    number = models.BigIntegerField(unique=True)
    subject = models.CharField(max_length=SUBJECT_LENGTH, blank=True)
    status = models.ForeignKey(Status, on_delete=models.PROTECT, related_name="tickets")
    priority = models.CharField(max_length=8, choices=Priority.choices, default=Priority.NORMAL)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="tickets")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="tickets"
    )
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="tickets")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="tickets"
    )
    channel = models.CharField(max_length=20)
    language = models.CharField(max_length=10, blank=True)
    tags: models.ManyToManyField[Tag, models.Model] = models.ManyToManyField(Tag, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_tickets"
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)

    # for lists
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.OPEN)
    active_at = models.DateTimeField()
    last_author = models.CharField(max_length=160, blank=True)
    last_kind = models.CharField(max_length=10, blank=True)
    snippet = models.CharField(max_length=200, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    is_unread = models.BooleanField(default=False)
    is_undelivered = models.BooleanField(default=False)
    message_count = models.PositiveIntegerField(default=0)

    objects = TicketQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index("stage", F("active_at").desc(), F("id").desc(), name="ticket_stage"),
            models.Index("department", "stage", F("active_at").desc(), F("id").desc(), name="ticket_department"),
            models.Index("assignee", "stage", F("active_at").desc(), F("id").desc(), name="ticket_assignee"),
            models.Index(
                "department",
                "stage",
                F("active_at").desc(),
                F("id").desc(),
                name="ticket_unassigned",
                condition=Q(assignee=None),
            ),
            models.Index("contact", F("id").desc(), name="ticket_contact"),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"

    @property
    def is_done(self) -> bool:
        return self.stage == Stage.DONE

    @property
    def is_merged(self) -> bool:
        return self.merged_into_id is not None


class Participant(models.Model):
    """Someone besides the requester who takes part. Removed ones stay: an old Cc does not bring them back."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="participants")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="participations")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "contact"], name="participant_once")]

    def __str__(self) -> str:
        return f"{self.contact_id} in {self.ticket_id}"
