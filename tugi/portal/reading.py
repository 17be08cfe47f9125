"""What the customer reads: a status in plain words, and the conversation without the desk's inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from markupsafe import Markup

from tugi.core.html import text_to_html
from tugi.events.models import Event
from tugi.portal.access import Visit
from tugi.tickets import bodies
from tugi.tickets.events import StatusChanged
from tugi.tickets.models import Attachment, Category, Message, MessageKind


@dataclass(frozen=True)
class Standing:
    """How it stands: `step` of 3 on the way (received, in progress, solved)."""

    title: str | Promise
    meaning: str | Promise
    step: int
    tone: str = ""
    is_done: bool = False


_STANDINGS: dict[str, Standing] = {
    Category.NEW: Standing(
        gettext_lazy("Received"), gettext_lazy("We have your request and will answer here and by e-mail."), 1
    ),
    Category.OPEN: Standing(gettext_lazy("In progress"), gettext_lazy("Somebody is working on your request."), 2),
    Category.PENDING: Standing(
        gettext_lazy("Waiting for you"),
        gettext_lazy("We have asked you something. Answer below or by e-mail to go on."),
        2,
        tone="warning",
    ),
    Category.ON_HOLD: Standing(
        gettext_lazy("On hold"),
        gettext_lazy("We are waiting for something on our side and will come back to you."),
        2,
    ),
    Category.RESOLVED: Standing(
        gettext_lazy("Solved"),
        gettext_lazy("We believe that this is solved. If it is not, write below and it is open again."),
        3,
        tone="ok",
        is_done=True,
    ),
    Category.CLOSED: Standing(
        gettext_lazy("Closed"),
        gettext_lazy("This request is closed. You can open it again at any time."),
        3,
        is_done=True,
    ),
}


@dataclass(frozen=True)
class Entry:
    """One message as shown. `words` are clean and plain; the customer's own mail is shown as text."""

    id: int
    who: str
    is_desk: bool
    at: datetime
    words: Markup
    files: list[Attachment]
    is_mine: bool


_SOLVED_BY_YOU = replace(
    _STANDINGS[Category.RESOLVED],
    meaning=gettext_lazy("You told us that this is solved. If it is not, write below and it is open again."),
)


_ANSWERED = Standing(
    gettext_lazy("We have answered"),
    gettext_lazy("Read our answer below. Write to us if anything is missing, or mark the request as solved."),
    2,
)


def standing(visit: Visit, said: Sequence[Entry]) -> Standing:
    """How the visitor's request stands after what was `said`, and whether that is the visitor's own doing."""
    category = visit.ticket.status.category
    if category == Category.RESOLVED and _is_closed_by(visit):
        return _SOLVED_BY_YOU
    if category == Category.OPEN and said and said[-1].is_desk:
        return _ANSWERED
    return _STANDINGS[category]


def _is_closed_by(visit: Visit) -> bool:
    last = Event.objects.of_ticket(visit.ticket.pk).filter(kind=StatusChanged.kind).order_by("-id").first()
    return last is not None and (last.actor_kind, last.actor_id) == ("contact", visit.contact.pk)


def entries(visit: Visit) -> list[Entry]:
    return [_entry(visit, message) for message in visit.messages()]


def _entry(visit: Visit, message: Message) -> Entry:
    from_desk = message.kind == MessageKind.OUTBOUND
    is_mine = message.contact_id == visit.contact.pk
    return Entry(
        id=message.pk,
        who=_("You") if is_mine else _author(message, from_desk=from_desk),
        is_desk=from_desk,
        at=message.created_at,
        words=bodies.for_page(message.html if from_desk else text_to_html(_text(message)), {}),
        files=[file for file in message.attachments.all() if _is_shown(file) and not message.was_opened],
        is_mine=is_mine,
    )


def _text(message: Message) -> str:
    return _("This message came encrypted and is not shown here.") if message.was_opened else message.text


def _is_shown(file: Attachment) -> bool:
    return not file.is_noise and file.scan != Attachment.Scan.INFECTED


def _author(message: Message, *, from_desk: bool) -> str:
    if from_desk and message.agent is not None:
        return message.agent.get_short_name()
    return message.author_name or _("Somebody else")
