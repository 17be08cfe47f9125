"""A row of a list, as plain data: what is shown, and nothing that could ask the database again.

The statement is written out. Rows are the most that any page reads, and Django took longer to compose the statement
and to convert its values than the database to answer it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext

from tugi.core import instants
from tugi.people.models import IdentityKind
from tugi.tickets import tag_column
from tugi.tickets.models import Category, MessageKind, Ticket
from tugi.tickets.queries.cursors import Cursor

_SQL = """
    SELECT t.id, t.number, t.snippet, t.last_kind, t.stage, t.priority, t.channel, s.name, s.category,
        t.department_id, d.name, t.assignee_id, COALESCE(a.name, ''),
        t.subject, t.active_at, t.is_unread, t.is_undelivered, s.is_built_in, {contact}, {tags}
    FROM ({ids}) AS page
    JOIN tickets_ticket AS t ON t.id = page.id
    JOIN people_contact AS c ON c.id = t.contact_id
    JOIN tickets_status AS s ON s.id = t.status_id
    JOIN people_department AS d ON d.id = t.department_id
    LEFT JOIN people_agent AS a ON a.id = t.assignee_id
    ORDER BY t.active_at DESC, t.id DESC
"""
_CONTACT = """CASE WHEN c.name <> '' THEN c.name ELSE (
    SELECT i.value FROM people_identity AS i WHERE i.contact_id = c.id AND i.kind = %s ORDER BY i.id LIMIT 1
) END"""
_QUIET = tuple(str(each) for each in (Category.NEW, Category.OPEN, Category.RESOLVED))


class Sql(NamedTuple):
    """A statement or a piece of one, and the values of its places."""

    text: str
    values: tuple[Any, ...] = ()


class Row(NamedTuple):
    id: int
    number: int
    snippet: str
    last_kind: str
    stage: str
    priority: str
    channel: str
    status_name: str
    category: str
    department_id: int
    department: str
    assignee_id: int | None
    assignee: str
    subject: str
    active_at: datetime
    is_unread: bool
    is_undelivered: bool
    status_is_built_in: bool
    contact: str
    tags: tuple[str, ...] = ()

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.active_at, self.id)

    @property
    def status(self) -> str:
        return status_name(self.status_name, self.status_is_built_in)

    @property
    def is_answered(self) -> bool:
        """Whether the desk had the last word."""
        return self.last_kind == MessageKind.OUTBOUND

    @property
    def shows_status(self) -> bool:
        """Whether the status says more than the list it is in, and the mark of what is unread."""
        return self.category not in _QUIET


def rows_among(tickets: QuerySet[Ticket]) -> tuple[Row, ...]:
    """The rows of these tickets, newest activity first, in one query. The caller has checked access."""
    try:
        return read_rows(Sql(*tickets.values("id").query.sql_with_params()))
    except EmptyResultSet:
        return ()


def read_rows(ids: Sql) -> tuple[Row, ...]:
    """The rows of the tickets whose `id` a statement gives, newest activity first. The caller has checked access."""
    sql = _SQL.format(contact=_CONTACT, tags=tag_column.tags_sql("t"), ids=ids.text)
    with connection.cursor() as cursor:
        cursor.execute(sql, [IdentityKind.EMAIL, *tag_column.VALUES, *ids.values])
        return tuple(_row(values) for values in cursor.fetchall())


def _row(values: tuple[Any, ...]) -> Row:
    *plain, subject, active_at, is_unread, is_undelivered, is_built_in, contact, tags = values
    return Row._make(
        (
            *plain,
            subject or gettext("(no subject)"),
            instants.read(active_at),
            bool(is_unread),
            bool(is_undelivered),
            bool(is_built_in),
            contact or gettext("Unknown sender"),
            tuple(tag_column.read_tags(tags).values()),
        )
    )


def status_name(name: str, is_built_in: bool) -> str:
    return gettext(name) if is_built_in else name
