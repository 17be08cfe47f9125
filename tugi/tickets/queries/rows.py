"""A row of a list, as plain data: what is shown, and nothing that could ask the database again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext

from tugi.people.models import Identity, IdentityKind
from tugi.tickets.models import Category, MessageKind, Ticket
from tugi.tickets.queries.cursors import Cursor
from tugi.tickets.tag_column import read_tags, tags_column

COLUMNS = (
    "id",
    "number",
    "subject",
    "active_at",
    "snippet",
    "last_kind",
    "is_unread",
    "is_undelivered",
    "stage",
    "priority",
    "channel",
    "status__name",
    "status__is_built_in",
    "status__category",
    "department_id",
    "department__name",
    "assignee_id",
    "assignee__name",
    "contact__name",
    "address",
    "tag_column",
)


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    number: int
    subject: str
    active_at: datetime
    snippet: str
    last_kind: str
    is_unread: bool
    is_undelivered: bool
    stage: str
    priority: str
    channel: str
    status: str
    category: str
    department_id: int
    department: str
    assignee_id: int | None
    assignee: str
    contact: str
    tags: tuple[str, ...] = ()

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.active_at, self.id)

    @property
    def is_answered(self) -> bool:
        """Whether the desk had the last word."""
        return self.last_kind == MessageKind.OUTBOUND

    @property
    def shows_status(self) -> bool:
        """Whether the status says more than the list it is in, and the mark of what is unread."""
        return self.category not in (Category.NEW, Category.OPEN, Category.RESOLVED)


def read_rows(tickets: QuerySet[Ticket]) -> tuple[Row, ...]:
    """The rows of these tickets in their order, in one query. The caller has checked access."""
    address = Identity.objects.filter(contact=OuterRef("contact"), kind=IdentityKind.EMAIL).order_by("id")
    annotated = tickets.annotate(address=Subquery(address.values("value")[:1]), tag_column=tags_column())
    return tuple(_row(values) for values in annotated.values_list(*COLUMNS))


def status_name(name: str, is_built_in: bool) -> str:
    return gettext(name) if is_built_in else name


def _row(values: tuple[Any, ...]) -> Row:
    found = dict(zip(COLUMNS, values, strict=True))
    name, address = found.pop("contact__name"), found.pop("address")
    status, is_built_in = found.pop("status__name"), found.pop("status__is_built_in")
    return Row(
        subject=found.pop("subject") or gettext("(no subject)"),
        status=status_name(status, is_built_in),
        category=found.pop("status__category"),
        department=found.pop("department__name"),
        assignee=found.pop("assignee__name") or "",
        contact=name or address or gettext("Unknown sender"),
        tags=tuple(read_tags(found.pop("tag_column")).values()),
        **found,
    )
