from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower


class Department(models.Model):
    """A part of the desk with its own people and tickets; every ticket is in exactly one."""

    name = models.CharField(max_length=80)
    head = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="heads"
    )
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(Lower("name"), name="department_name_once")]

    def __str__(self) -> str:
        return self.name
