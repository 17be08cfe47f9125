from __future__ import annotations

from django.db import models
from django.db.models import Q


def work_indexes(prefix: str) -> list[models.Index]:
    """What the claiming of work rows needs, under names that are short enough for every database."""
    return [
        models.Index(fields=["due_at"], condition=Q(state="due"), name=f"{prefix}_due"),
        models.Index(fields=["claimed_until"], condition=Q(state="claimed"), name=f"{prefix}_held"),
    ]
