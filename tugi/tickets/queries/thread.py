"""Messages of a ticket, ready to read: words, files, how they travelled."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext
from markupsafe import Markup

from tugi.core import clock, instants
from tugi.core.html import text_to_html
from tugi.core.reasons import tell
from tugi.tickets import bodies
from tugi.tickets.models import Attachment, Delivery, Message, MessageKind, Proof, Ticket
from tugi.tickets.queries.invitations import EventCard, cards_of
from tugi.tickets.queries.protection import ProtectionLine, lines_of
from tugi.tickets.retries import can_retry, is_held_up

PAGE, MOST_SHOWN = 50, 500
PREVIEWED = ("image/png", "image/jpeg", "image/gif", "image/webp")


@dataclass(frozen=True)
class FileEntry:
    id: int
    name: str
    size: int
    content_type: str
    is_infected: bool
    url: str
    preview: str


class MessageEntry(NamedTuple):
    """`frame` is the address of the message as it was laid out, where a plain reading loses something."""

    id: int
    kind: str
    agent_id: int | None
    who: str
    detail: str
    at: datetime
    html: Markup
    quoted: Markup
    frame: str
    frame_size: str
    is_rich: bool
    has_remote_images: bool
    is_unverified: bool
    is_automatic: bool
    files: tuple[FileEntry, ...]
    original: str
    delivery: str
    delivery_error: str
    can_retry: bool
    is_held_up: bool
    can_withdraw: bool
    cc: tuple[str, ...]
    cards: tuple[EventCard, ...]
    protection: tuple[ProtectionLine, ...]

    @property
    def is_odd(self) -> bool:
        return self.is_unverified or self.is_automatic

    @property
    def arrived(self) -> bool:
        return self.delivery == Delivery.SENT and not self.delivery_error

    @property
    def is_inbound(self) -> bool:
        return self.kind == MessageKind.INBOUND

    @property
    def is_message(self) -> bool:
        return True


class _Row(NamedTuple):
    """What is read of a message: a third of its columns, and no model is built."""

    id: int
    kind: str
    agent_id: int | None
    author_name: str
    author_address: str
    html: str
    text: str
    quoted_html: str
    quoted_text: str
    proof: str
    raw_blob: str
    delivery: str
    delivery_error: str
    is_automatic: bool
    created_at: datetime
    send_at: datetime | None
    to: list[str]
    cc: list[str]
    invitations: list[dict[str, Any]] | None
    protection: list[dict[str, Any]] | None


_NEWEST = """
    SELECT m.id, m.kind, m.agent_id, m.author_name, m.author_address, m.html, m.text, m.quoted_html, m.quoted_text,
        m.proof, m.raw_blob, m.delivery, m.delivery_error, m.is_automatic, m.created_at, m.send_at, m."to", m.cc,
        m.invitations, m.protection
    FROM tickets_message AS m
    WHERE m.ticket_id = %s AND m.id < %s AND m.delivery <> 'withdrawn' ORDER BY m.id DESC LIMIT %s
"""
_FILES = """
    SELECT a.* FROM tickets_attachment AS a JOIN tickets_message AS m ON m.id = a.message_id
    WHERE m.ticket_id = %s AND m.id >= %s AND m.id <= %s ORDER BY a.id
"""
_END = 2**63 - 1


def messages_of(
    ticket: Ticket, *, before: int | None = None, down_to: int | None = None
) -> tuple[list[MessageEntry], int | None]:
    """The newest 50 messages, oldest first, and the id before which there are more. Two queries.

    With `down_to` all from that message on, if these are more, but at most 500; one query more.
    """
    most, end = PAGE, before or _END
    if down_to is not None:
        wanted = Message.objects.filter(ticket=ticket, id__lt=end, id__gte=down_to).exclude(delivery=Delivery.WITHDRAWN)
        most = max(wanted[:MOST_SHOWN].count(), PAGE)
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [ticket.pk, end, most + 1])
        newest = [_row(values) for values in cursor.fetchall()]
    shown = newest[:most][::-1]
    return _entries(ticket, shown), shown[0].id if len(newest) > most else None


def _row(values: tuple[Any, ...]) -> _Row:
    *plain, is_automatic, created_at, send_at, to, cc, invitations, protection = values
    due = send_at and instants.read(send_at)
    said = (json.loads(each) if each else None for each in (to, cc, invitations, protection))
    return _Row._make((*plain, bool(is_automatic), instants.read(created_at), due, *said))


def _entries(ticket: Ticket, messages: list[_Row]) -> list[MessageEntry]:
    """With their files, in one query."""
    if not messages:
        return []
    files: defaultdict[int, list[Attachment]] = defaultdict(list)
    for attachment in Attachment.objects.raw(_FILES, [ticket.pk, messages[0].id, messages[-1].id]):
        files[attachment.message_id].append(attachment)
    # One address for all: a page with fifty messages would spend a millisecond on making theirs.
    originals = reverse("ticket-original", args=[ticket.number, 0]).replace("/0/", "/{}/")
    return [_entry(ticket.number, message, files[message.id], originals) for message in messages]


def inline_images(number: int, attachments: list[Attachment]) -> dict[str, str]:
    """Addresses of the pictures inside a message, by content id."""
    return {
        attachment.content_id.strip("<>"): reverse("ticket-preview", args=[number, attachment.pk])
        for attachment in attachments
        if attachment.content_id and attachment.content_type in PREVIEWED
    }


def _entry(number: int, message: _Row, attachments: list[Attachment], originals: str) -> MessageEntry:
    html = message.html or text_to_html(message.text)
    quoted = message.quoted_html or text_to_html(message.quoted_text)
    images = inline_images(number, attachments)
    rich, remote = bodies.is_rich(html), bodies.has_remote_images(html)
    waits = message.delivery == Delivery.WAITING and message.send_at is not None
    return MessageEntry(
        id=message.id,
        kind=message.kind,
        agent_id=message.agent_id,
        who=message.author_name or message.author_address or gettext("Unknown sender"),
        detail=_detail(message),
        at=message.created_at,
        html=bodies.NOTHING if rich else bodies.for_page(html, images),
        quoted=bodies.for_page(quoted, {}) if quoted else bodies.NOTHING,
        frame=reverse("ticket-body", args=[number, message.id]) if rich or remote else "",
        frame_size=_frame_size(message.text, html) if rich or remote else "",
        is_rich=rich,
        has_remote_images=remote,
        is_unverified=message.kind == MessageKind.INBOUND and message.proof == Proof.NONE,
        is_automatic=message.is_automatic,
        files=tuple(_file(number, attachment) for attachment in attachments if _is_listed(attachment, html)),
        original=originals.format(message.id) if message.raw_blob else "",
        delivery=message.delivery,
        delivery_error=tell(message.delivery_error),
        can_retry=can_retry(message.delivery, message.delivery_error),
        is_held_up=is_held_up(message.delivery_error),
        can_withdraw=bool(waits and message.send_at and message.send_at > clock.now()),
        cc=tuple(message.cc),
        cards=cards_of(message.invitations, _calendars(number, attachments)) if message.invitations else (),
        protection=lines_of(message.protection) if message.protection else (),
    )


def _calendars(number: int, attachments: list[Attachment]) -> dict[str, str]:
    """Addresses of the message's files by their SHA-256, for the calendars among them, which are not listed."""
    return {each.sha256: reverse("ticket-attachment", args=[number, each.pk]) for each in attachments}


def _detail(message: _Row) -> str:
    if message.kind == MessageKind.INBOUND and message.author_name:
        return message.author_address
    if message.kind == MessageKind.OUTBOUND and message.to:
        return gettext("to %(addresses)s") % {"addresses": ", ".join(message.to)}
    return ""


def _frame_size(text: str, html: str) -> str:
    """About how high the laid-out message is: the frame cannot say, because nothing may run in it."""
    lines = sum(1 + len(line) // 90 for line in text.split("\n")) + 2 * html.count("<tr") + 4 * html.count("<img")
    return "small" if lines < 8 else "medium" if lines < 30 else "large"


def _is_listed(attachment: Attachment, html: str) -> bool:
    """Signatures' logos are not files to the reader, nor are pictures that stand in the words."""
    if attachment.is_noise:
        return False
    inside = attachment.content_id.strip("<>")
    return not (attachment.is_inline and inside and f"cid:{inside}" in html)


def _file(number: int, attachment: Attachment) -> FileEntry:
    infected = attachment.scan == Attachment.Scan.INFECTED
    previewed = attachment.content_type in PREVIEWED and not infected
    return FileEntry(
        id=attachment.pk,
        name=attachment.name,
        size=attachment.size,
        content_type=attachment.content_type,
        is_infected=infected,
        url=reverse("ticket-attachment", args=[number, attachment.pk]),
        preview=reverse("ticket-preview", args=[number, attachment.pk]) if previewed else "",
    )
