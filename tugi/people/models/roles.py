"""What an agent may do: roles are sets of permissions, granted for one department or for the desk."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tugi.people.models.departments import Department


class Permission(models.TextChoices):
    SEE_TICKETS = "ticket.see", _("See tickets")
    REPLY = "ticket.reply", _("Answer customers")
    NOTE = "ticket.note", _("Write internal notes")
    ASSIGN = "ticket.assign", _("Assign tickets")
    EDIT = "ticket.edit", _("Change status, priority, subject and tags")
    MOVE = "ticket.move", _("Move tickets to another department")
    MERGE = "ticket.merge", _("Merge tickets and undo it")
    EDIT_CONTACTS = "contact.edit", _("Change contacts")
    MANAGE_MAIL = "mail.manage", _("See mailboxes and mail that could not be processed")
    MANAGE_PEOPLE = "people.manage", _("Manage agents, roles and departments")
    MANAGE_DESK = "desk.manage", _("Change the desk's settings")


class Role(models.Model):
    """A named set of permissions. The built-in ones (`slug` set) come with the desk and cannot be removed."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    permissions: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    is_built_in = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class RoleGrant(models.Model):
    """An agent holds a role, in one department or (without one) on the whole desk."""

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="grants")
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.CASCADE, related_name="grants")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "role", "department"], name="role_granted_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role_id} to {self.agent_id}"
