"""What belongs to the desk as a whole: its own settings, and its counters."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeskSettings(models.Model):
    """The one row of the desk itself. `set_up_at` is empty until the first administrator exists."""

    company = models.CharField(_("company"), max_length=120, default="Tugi")
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    set_up_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="core_one_desk")]

    def __str__(self) -> str:
        return self.company

    @property
    def is_set_up(self) -> bool:
        return self.set_up_at is not None

    @classmethod
    def load(cls) -> DeskSettings:
        """The desk's settings; before set-up, the defaults, not yet saved."""
        return cls.objects.filter(id=1).first() or cls(id=1)

    @classmethod
    def lock(cls) -> DeskSettings:
        """The row, locked until the transaction ends, so that set-up happens once."""
        cls.objects.get_or_create(id=1)
        return cls.objects.select_for_update().get(id=1)


class Counter(models.Model):
    """The last number given out under a name, where the database has no sequences (SQLite)."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"


class RateBucket(models.Model):
    """How much of a rate limit is left for one key; see `tugi.core.limits`."""

    key = models.CharField(max_length=120, primary_key=True)
    tokens = models.FloatField()
    updated_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key
