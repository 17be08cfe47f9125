"""A draft becomes one message, however often it is sent: from two tabs, or again after a lost answer. And it is
not sent on top of a colleague's reply that its author has not seen.

Callers hold the ticket's lock, so that the second sender sees what the first has done.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from tugi.core.dates import brief
from tugi.people.models import Agent
from tugi.tickets.content import Content
from tugi.tickets.errors import AnsweredMeanwhile, DraftTaken
from tugi.tickets.models import Delivery, Message, MessageKind, TakenDraft, Ticket

BATCH = 1000


def message_of(ticket: Ticket, content: Content, kind: MessageKind, author: Agent) -> Message | None:
    """The message that this draft is already, if any. Raises DraftTaken where the draft has changed since."""
    if not content.draft:
        return None
    taken = TakenDraft.objects.filter(ticket=ticket, agent=author, key=content.draft).select_related("message").first()
    if taken is None:
        return None
    if not _says(taken.message, content, kind):
        raise DraftTaken
    return taken.message


def ask_if_answered(ticket: Ticket, content: Content, author: Agent) -> None:
    """Raises AnsweredMeanwhile where another agent has replied since what the author has seen."""
    if content.seen is None:
        return
    replies = Message.objects.filter(ticket=ticket, kind=MessageKind.OUTBOUND, id__gt=content.seen, agent__isnull=False)
    newest = replies.exclude(delivery=Delivery.WITHDRAWN).exclude(agent=author).order_by("-id").first()
    if newest is not None:
        told = {"who": newest.author_name, "when": brief(newest.created_at)}
        raise AnsweredMeanwhile(
            _("%(who)s replied to the customer while you were writing (%(when)s). Send your reply as well?") % told
        )


def note_taken(message: Message, content: Content, author: Agent) -> None:
    """Remember what became of the draft."""
    if content.draft:
        TakenDraft.objects.create(ticket=message.ticket, agent=author, key=content.draft, message=message)


def draft_of(message: Message, author: Agent) -> str:
    """The key of the draft that this agent's message was; empty where it had none."""
    return TakenDraft.objects.filter(message=message, agent=author).values_list("key", flat=True).first() or ""


def give_back(message: Message) -> None:
    """Let the draft be sent again."""
    TakenDraft.objects.filter(message=message).delete()


def forget_taken(*, before: datetime) -> int:
    """Let go of the keys of drafts that were taken earlier, some at a time; gives how many."""
    gone = 0
    old = TakenDraft.objects.filter(taken_at__lt=before).order_by("taken_at").values_list("id", flat=True)
    while ids := list(old[:BATCH]):
        gone += TakenDraft.objects.filter(id__in=ids).delete()[0]
    return gone


def _says(message: Message, content: Content, kind: MessageKind) -> bool:
    files = sorted(message.attachments.values_list("name", "sha256"))
    same_files = files == sorted((file.name[:255], file.sha256) for file in content.files)
    return message.kind == kind and message.html == content.html and message.text == content.text and same_files
