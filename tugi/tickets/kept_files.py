"""Files of a reply that was taken back, on their way into the next one without being sent again.

The composer carries a mark for each. A mark is signed for one agent, one ticket and one file, and opens
nothing but a file of a reply of that ticket that was taken back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core import signing
from django.utils.translation import gettext as _

from tugi.people.models import Agent
from tugi.tickets.content import NewFile
from tugi.tickets.models import Attachment, Delivery, Message, Ticket
from tugi.tickets.uploads import FileRefused

SALT = "tugi.tickets.kept"
SECONDS = 7 * 24 * 3600


@dataclass(frozen=True)
class KeptFile:
    mark: str
    name: str
    size: int


def files_taken_back(agent: Agent, message: Message) -> tuple[KeptFile, ...]:
    """The files of a reply that this agent has just taken back, as the composer lists them."""
    files = Attachment.objects.filter(message=message).exclude(scan=Attachment.Scan.INFECTED)
    return tuple(_shown(agent, message.ticket_id, file) for file in files)


def files_behind(agent: Agent, ticket: Ticket, marks: Iterable[str]) -> tuple[NewFile, ...]:
    """The files that these marks stand for, each once. Raises FileRefused when one is not this agent's to send."""
    return tuple(_as_new(file) for file in _attachments(agent, ticket, marks))


def files_still_kept(agent: Agent, ticket_id: int, marks: Iterable[str]) -> tuple[KeptFile, ...]:
    """The same for the composer that comes back; marks that open nothing are left out."""
    ids = [found for mark in marks if (found := _opened(agent, ticket_id, mark)) is not None]
    return tuple(_shown(agent, ticket_id, file) for file in _of(ticket_id, ids))


def _attachments(agent: Agent, ticket: Ticket, marks: Iterable[str]) -> list[Attachment]:
    ids = [_opened(agent, ticket.pk, mark) for mark in dict.fromkeys(marks)]
    files = _of(ticket.pk, [each for each in ids if each is not None])
    if len(files) != len(ids):
        raise FileRefused(_("A file that you had taken back is no longer there. Attach it again."))
    return files


def _of(ticket_id: int, ids: list[int]) -> list[Attachment]:
    files = Attachment.objects.filter(id__in=ids, message__ticket=ticket_id, message__delivery=Delivery.WITHDRAWN)
    return list(files.exclude(scan=Attachment.Scan.INFECTED))


def _signer(agent: Agent, ticket_id: int) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"{SALT}.{agent.pk}.{ticket_id}")


def _opened(agent: Agent, ticket_id: int, mark: str) -> int | None:
    try:
        return int(_signer(agent, ticket_id).unsign(mark, max_age=SECONDS))
    except signing.BadSignature:
        return None


def _shown(agent: Agent, ticket_id: int, file: Attachment) -> KeptFile:
    return KeptFile(_signer(agent, ticket_id).sign(str(file.pk)), file.name, file.size)


def _as_new(file: Attachment) -> NewFile:
    return NewFile(
        name=file.name,
        content_type=file.content_type,
        size=file.size,
        sha256=file.sha256,
        content_id=file.content_id,
        is_inline=file.is_inline,
    )
