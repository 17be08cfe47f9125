"""Names of the rows that ticket facts speak of."""

from __future__ import annotations

from tugi.events import names
from tugi.tickets.models import Status, Tag


def status_names(ids: set[int]) -> dict[int, str]:
    return {status.pk: str(status) for status in Status.objects.filter(id__in=ids)}


def tag_names(ids: set[int]) -> dict[int, str]:
    return dict(Tag.objects.filter(id__in=ids).values_list("id", "name"))


def register() -> None:
    names.register("status", status_names)
    names.register("tag", tag_names)
