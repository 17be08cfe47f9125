"""The tables that a desk is built of, and which of their columns its rows give; the rest take their defaults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import JSONField, Model

from tugi.channels.email.models import AutomaticMail, KnownMessageId, OutboundMessage, RawMail, TicketMailbox
from tugi.events.models import Event
from tugi.people.models import Contact, Identity
from tugi.tickets.models import Attachment, Message, Participant, Ticket

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Table:
    """`given` are names of columns, in the order of a row's values."""

    name: str
    given: tuple[str, ...]
    rest: tuple[str, ...] = ()
    defaults: Row = ()

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return self.given + self.rest


def table_of(model: type[Model], columns: str) -> Table:
    """A model's table; what `columns` does not name gets the field's default in every row."""
    given = tuple(columns.split())
    fields = {str(field.column): field for field in model._meta.concrete_fields}
    assert set(given) <= set(fields), set(given) - set(fields)
    rest = {column: _default(field) for column, field in fields.items() if column not in given}
    return Table(model._meta.db_table, given, tuple(rest), tuple(rest.values()))


def _default(field: Any) -> Any:
    value = field.get_default()
    if isinstance(field, JSONField):
        return {"list": "[]", "dict": "{}"}[type(value).__name__]
    if isinstance(value, bool):
        return int(value)
    return getattr(value, "value", value)


TABLES: dict[str, Callable[[], Table]] = {
    "contacts": lambda: table_of(Contact, "id name language created_at"),
    "identities": lambda: table_of(Identity, "id contact_id kind value proven_at"),
    "contact_words": lambda: Table("people_contactword", ("word", "department_id", "contact_id")),
    "tickets": lambda: table_of(
        Ticket,
        "id number subject status_id priority department_id assignee_id contact_id channel language created_at "
        "resolved_at stage active_at last_author last_kind snippet waiting_since is_unread message_count",
    ),
    "tags": lambda: table_of(Ticket.tags.through, "id ticket_id tag_id"),
    "participants": lambda: table_of(Participant, "id ticket_id contact_id added_at"),
    "messages": lambda: table_of(
        Message,
        "id ticket_id kind channel contact_id agent_id author_name author_address html text quoted_html quoted_text "
        "language proof raw_blob created_at written_at delivery send_at sent_at",
    ),
    "files": lambda: table_of(Attachment, "id message_id name content_type size sha256 scan"),
    "events": lambda: table_of(
        Event, "id seq at kind actor_kind actor_id ticket_id subject_kind subject_id origin data"
    ),
    "mailboxes": lambda: table_of(TicketMailbox, "id ticket_id mailbox_id"),
    "raw_mails": lambda: table_of(
        RawMail,
        "id mailbox_id via sha256 size dedupe_key content_key envelope_from received_at outcome message_id proof "
        "state due_at attempts",
    ),
    "known_ids": lambda: table_of(KnownMessageId, "id mailbox_id id_hash value message_id"),
    "outbox": lambda: table_of(
        OutboundMessage,
        "id kind ticket_id message_id contact_id mailbox_id mail_id subject sent_at state due_at attempts",
    ),
    "automatic": lambda: table_of(AutomaticMail, "id address_key ticket_id decided_at"),
}
