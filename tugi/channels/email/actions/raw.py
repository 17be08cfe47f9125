"""Mail that comes in: kept first, acknowledged then, processed later."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection
from datetime import timedelta
from io import SEEK_END, BytesIO
from typing import IO

from django.db import transaction

from tugi.channels.email.events import (
    AgentMailRefused,
    MailDismissed,
    MailNotProcessed,
    MailRetried,
    MailsRetried,
    MailWithheld,
    ReplyRefused,
    TicketForwarded,
)
from tugi.channels.email.models import Mailbox, Outcome, RawMail, Via
from tugi.channels.email.models.raw import LEFT_THERE
from tugi.core import blobs, clock
from tugi.core.errors import Conflict
from tugi.core.inserting import insert_unless_there
from tugi.events.actors import Actor
from tugi.events.log import append
from tugi.tickets.models import Ticket

LONGEST_HEADER = 256 * 1024
MOST_RETRIED = 5000
RETRY_GAP = timedelta(milliseconds=20)
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_MESSAGE_ID = re.compile(rb"^message-id[ \t]*:([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)", re.IGNORECASE | re.MULTILINE)
_SAME_MAIL = re.compile(
    rb"^(?:from|to|cc|subject|date|message-id)[ \t]*:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*",
    re.IGNORECASE | re.MULTILINE,
)


def accept_raw(
    mailbox: Mailbox,
    raw: bytes | IO[bytes],
    *,
    via: Via,
    envelope_from: str | None = None,
    envelope_to: tuple[str, ...] = (),
    peer: str = "",
    outcome: Outcome | None = None,
    error: str = "",
    size: int | None = None,
) -> RawMail:
    """Keep a mail durably and queue it; only when this has returned may anything be acknowledged.

    A file is read from its beginning, twice, and never held in memory whole. The same bytes in the same mailbox give
    the row that is there. `outcome` and `error` are for a mail that will not be processed, `size` is its own where
    only a part of it is kept. Raises OSError or DatabaseError, and then nothing was promised.
    """
    file = BytesIO(raw) if isinstance(raw, bytes) else raw
    kept = blobs.put(file)
    head = _read_head(file)
    row = RawMail(
        mailbox=mailbox,
        dedupe_key=key_of_head(head) or kept.sha256,
        sha256=kept.sha256,
        via=via,
        peer=peer[:45],
        size=kept.size if size is None else size,
        content_key=_content_key(head, file) or kept.sha256,
        envelope_from=None if envelope_from is None else envelope_from[:320],
        envelope_to=list(envelope_to),
        received_at=clock.now(),
        outcome=outcome or "",
        state=RawMail.State.FAILED if outcome else RawMail.State.DUE,
        last_error=error,
    )
    if insert_unless_there(row):
        return row
    return RawMail.objects.get(mailbox=mailbox, dedupe_key=row.dedupe_key, sha256=kept.sha256)


def key_of_head(head: bytes) -> str:
    """What `RawMail.dedupe_key` is for a mail with this header; empty where that has no Message-ID."""
    match = _MESSAGE_ID.search(head)
    message_id = match[1].strip() if match else b""
    return hashlib.sha256(message_id).hexdigest() if message_id else ""


@transaction.atomic
def retry_raw(raw_mail_id: int, *, actor: Actor) -> RawMail:
    """Have a mail that could not be processed tried again. Raises Conflict unless it failed."""
    failed = RawMail.objects.filter(id=raw_mail_id, state=RawMail.State.FAILED, outcome="")
    if not failed.update(state=RawMail.State.DUE, due_at=clock.now(), attempts=0, last_error=""):
        raise Conflict
    row = RawMail.objects.get(id=raw_mail_id)
    append(MailRetried(mailbox_id=row.mailbox_id, raw_mail_id=row.pk), actor=actor)
    return row


@transaction.atomic
def retry_all_raw(mailbox_ids: Collection[int], *, actor: Actor) -> int:
    """Have all mails of these mailboxes that could not be processed tried again, the earliest first; gives how many.

    They fall due one after the other, so that new mail goes in between. At most MOST_RETRIED at a time.
    """
    failed = RawMail.objects.filter(mailbox__in=mailbox_ids, state=RawMail.State.FAILED, outcome="")
    rows = list(failed.select_for_update(of=("self",)).order_by("received_at", "id")[:MOST_RETRIED])
    now = clock.now()
    for place, row in enumerate(rows):
        row.state, row.attempts, row.last_error = RawMail.State.DUE, 0, ""
        row.due_at = now + place * RETRY_GAP
    RawMail.objects.bulk_update(rows, ["state", "attempts", "last_error", "due_at"], batch_size=200)
    for mailbox_id, count in sorted(Counter(row.mailbox_id for row in rows).items()):
        append(MailsRetried(mailbox_id=mailbox_id, count=count), actor=actor)
    return len(rows)


@transaction.atomic
def dismiss_raw(raw_mail_id: int, *, actor: Actor) -> RawMail:
    """Put the notice of a mail that was left on its server out of sight. Raises Conflict for any other mail."""
    left = RawMail.objects.filter(id=raw_mail_id, state=RawMail.State.FAILED, outcome__in=LEFT_THERE)
    if not left.update(state=RawMail.State.CANCELLED):
        raise Conflict
    row = RawMail.objects.get(id=raw_mail_id)
    append(MailDismissed(mailbox_id=row.mailbox_id, raw_mail_id=row.pk), actor=actor)
    return row


def note_not_processed(row: RawMail, *, actor: Actor) -> None:
    """Say in the log that this mail was given up; inside the transaction that gives it up."""
    append(MailNotProcessed(mailbox_id=row.mailbox_id, raw_mail_id=row.pk), actor=actor)


def note_withheld(row: RawMail, *, actor: Actor) -> None:
    """Raise the alarm about a mail that carried a key to the desk; inside the transaction that withholds it."""
    append(MailWithheld(mailbox_id=row.mailbox_id, raw_mail_id=row.pk), actor=actor)


def note_reply_refused(row: RawMail, ticket: Ticket, *, actor: Actor) -> None:
    """Say in the ticket's log that this late answer was refused; who wrote it is told by a consumer."""
    fact = ReplyRefused(ticket_id=ticket.pk, department_id=ticket.department_id, raw_mail_id=row.pk)
    append(fact, actor=actor)


def note_agent_refused(row: RawMail, ticket: Ticket, *, agent_id: int, reason: str, actor: Actor) -> None:
    """Say in the ticket's log that somebody, or something, tried to speak as an agent."""
    fact = AgentMailRefused(
        ticket_id=ticket.pk,
        department_id=ticket.department_id,
        raw_mail_id=row.pk,
        agent_id=agent_id,
        reason=reason,
    )
    append(fact, actor=actor)


def note_forwarded(row: RawMail, ticket: Ticket, *, found: bool, actor: Actor) -> None:
    """Say in the ticket's log that an agent brought it."""
    fact = TicketForwarded(ticket_id=ticket.pk, department_id=ticket.department_id, raw_mail_id=row.pk, found=found)
    append(fact, actor=actor)


def _read_head(file: IO[bytes]) -> bytes:
    """The mail's header; the file stands at its body then. Where none ends in time: its beginning, and no body."""
    file.seek(0)
    beginning = file.read(LONGEST_HEADER)
    match = _BLANK_LINE.search(beginning)
    if match is None:
        file.seek(0, SEEK_END)
        return beginning
    file.seek(match.end())
    return beginning[: match.start()]


def _content_key(head: bytes, body: IO[bytes]) -> str:
    """Equal for one mail that came by two roads: what its author wrote, without the traces of the way.

    Without a Message-ID no two mails are one. Empty where there is no body.
    """
    has_id = _MESSAGE_ID.search(head) is not None
    digest = hashlib.sha256(b"" if has_id else head + b"\r\n\r\n")
    is_empty = True
    for chunk in blobs.chunks(body):
        digest.update(chunk)
        is_empty = False
    if is_empty:
        return ""
    for field in sorted(_SAME_MAIL.findall(head)) if has_id else ():
        digest.update(b"\0" + b" ".join(field.split()))
    return digest.hexdigest()
