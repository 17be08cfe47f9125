"""Names of the rows that ticket facts speak of."""

from __future__ import annotations

from tugi.events import names
from tugi.tickets.models import Status, Tag, Ticket


def status_names(ids: set[int]) -> dict[int, str]:
    return {status.pk: str(status) for status in Status.objects.filter(id__in=ids)}


def tag_names(ids: set[int]) -> dict[int, str]:
    return dict(Tag.objects.filter(id__in=ids).values_list("id", "name"))


def ticket_names(ids: set[int]) -> dict[int, str]:
    return {ticket: f"#{number}" for ticket, number in Ticket.objects.filter(id__in=ids).values_list("id", "number")}


def ticket_by_number(number: int) -> int | None:
    return Ticket.objects.filter(number=number).values_list("id", flat=True).first()


def register() -> None:
    names.register("status", status_names)
    names.register("tag", tag_names)
    names.register("ticket", ticket_names)
    names.register_numbers("ticket", ticket_by_number)
