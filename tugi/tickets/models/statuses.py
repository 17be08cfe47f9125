"""A status is a name over a fixed category; the stage is what lists are cut by."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tugi.core.prepared import prepared


class Category(models.TextChoices):
    NEW = "new", _("New")
    OPEN = "open", _("Open")
    PENDING = "pending", _("Waiting for the customer")
    ON_HOLD = "on_hold", _("On hold")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")


class Stage(models.TextChoices):
    """The three piles of a desk, and the one nobody looks at."""

    OPEN = "open", _("Open")
    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Resolved")
    MERGED = "merged", _("Merged")


STAGE_OF: dict[str, Stage] = {
    Category.NEW: Stage.OPEN,
    Category.OPEN: Stage.OPEN,
    Category.PENDING: Stage.WAITING,
    Category.ON_HOLD: Stage.WAITING,
    Category.RESOLVED: Stage.DONE,
    Category.CLOSED: Stage.DONE,
}


class StatusManager(models.Manager["Status"]):
    def first_of(self, category: Category) -> Status:
        """The status that stands for a category where a machine or a customer chooses."""
        status = _active_of.first(category)
        assert status is not None, f"no active status of category {category}"
        return status


class Status(models.Model):
    """A status as agents name it. Built-in names are English and translated when shown."""

    name = models.CharField(max_length=60, unique=True)
    category = models.CharField(max_length=10, choices=Category.choices)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    is_built_in = models.BooleanField(default=False)

    objects: ClassVar[StatusManager] = StatusManager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name_plural = "statuses"

    def __str__(self) -> str:
        return gettext(self.name) if self.is_built_in else self.name

    @property
    def stage(self) -> Stage:
        return STAGE_OF[self.category]


@prepared
def _active_of(category: Any) -> models.QuerySet[Status]:
    return Status.objects.filter(category=category, is_active=True)[:1]
