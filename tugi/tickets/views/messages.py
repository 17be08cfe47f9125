"""What agents say in a ticket: replies, notes, taking back, sending again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tugi.core.errors import Invalid
from tugi.core.pages import page
from tugi.people.models import Permission
from tugi.people.request import actor_of, agent_of
from tugi.tickets import actions, forms
from tugi.tickets.access import MOST, message_for, ticket_for
from tugi.tickets.actions.drafts import draft_of
from tugi.tickets.content import Content, NewFile
from tugi.tickets.errors import AnsweredMeanwhile, DraftTaken, RecipientsChanged
from tugi.tickets.kept_files import files_behind, files_still_kept, files_taken_back
from tugi.tickets.models import Category, Delivery, Message, MessageKind, Status, Ticket
from tugi.tickets.queries import ticket_page
from tugi.tickets.queries.people import people_of, recipients_of, recipients_shown
from tugi.tickets.uploads import keep_uploads
from tugi.tickets.views.answers import address, changed
from tugi.tickets.views.asked import is_htmx, read
from tugi.tickets.views.talk import empty_composer, page_context

THEN = {"resolved": Category.RESOLVED, "pending": Category.PENDING}


@require_POST
def messages(request: HttpRequest, number: int) -> HttpResponseBase:
    """A reply or a note. What cannot be taken comes back with its words (422)."""
    permission = Permission.NOTE if request.POST.get("kind") == "note" else Permission.REPLY
    ticket = ticket_for(agent_of(request), number, to=permission)
    try:
        form = read(forms.MessageForm, request)
        return _said(request, ticket, form.cleaned_data)
    except Invalid as refused:
        return _returned(request, number, refused)


@require_POST
def withdrawal(request: HttpRequest, number: int, message_id: int) -> HttpResponseBase:
    """The reply does not leave; its words and its files go back into the composer. Asked again, it says so."""
    if _is_taken_back(request, number, message_id):
        return changed(request, number, _("The reply has been taken back already."))
    message = message_for(agent_of(request), number, message_id, to=Permission.REPLY)
    draft = draft_of(message, agent_of(request))
    actions.withdraw_reply(message.pk, actor=actor_of(request))
    kept = files_taken_back(agent_of(request), message)
    words = {"text": message.text, "html": message.html, "kept": kept, "is_back": True, "seen": message.pk}
    composer = empty_composer("reply") | words | ({"draft": draft} if draft else {})
    also = {"reset": "back", "composer": composer}
    return changed(request, number, _said_taken_back(bool(kept)), also=also)


@require_POST
def delivery(request: HttpRequest, number: int, message_id: int) -> HttpResponseBase:
    """A reply that failed is sent again."""
    message = message_for(agent_of(request), number, message_id, to=Permission.REPLY)
    actions.retry_delivery(message.pk, actor=actor_of(request))
    return changed(request, number, _("It will be sent again."))


def _said(request: HttpRequest, ticket: Ticket, given: dict[str, Any]) -> HttpResponse:
    html, text = forms.body_of(given)
    content = Content(
        html=html, text=text, files=_files(request, ticket, given), draft=given["draft"], seen=given["seen"]
    )
    if given["kind"] == "note":
        actions.add_note(ticket.pk, content, author=agent_of(request), actor=actor_of(request))
        return changed(request, ticket.number, _("The note is added."), also={"reset": "new"})
    message = _replied(request, ticket, content, given)
    return changed(
        request,
        ticket.number,
        _said_sent(ticket, given["seen"]),
        undo=address("message-withdrawal", ticket.number, message.pk) if settings.UNDO_SECONDS else "",
        also={"reset": "new", "undo_seconds": settings.UNDO_SECONDS, "undo_label": _("Take back")},
    )


def _said_sent(ticket: Ticket, seen: int | None) -> str:
    """A customer's new words hold no reply up: who writes on is only told of them."""
    inbound = Message.objects.filter(ticket=ticket, kind=MessageKind.INBOUND, is_automatic=False)
    if seen is not None and inbound.filter(id__gt=seen).exists():
        return _("The reply is on its way. The customer has written again meanwhile.")
    return _("The reply is on its way.")


def _files(request: HttpRequest, ticket: Ticket, given: dict[str, Any]) -> tuple[NewFile, ...]:
    kept = files_behind(agent_of(request), ticket, given["kept"])
    return (*kept, *keep_uploads(given["files"], besides=len(kept)))


def _is_taken_back(request: HttpRequest, number: int, message_id: int) -> bool:
    """Whether it is this agent's own reply, withdrawn before."""
    ticket = ticket_for(agent_of(request), number, to=Permission.REPLY)
    own = Message.objects.filter(ticket=ticket, agent=agent_of(request), id=min(message_id, MOST))
    return own.filter(delivery=Delivery.WITHDRAWN).exists()


def _said_taken_back(with_files: bool) -> str:
    if with_files:
        return _("Taken back. The text and its files are in the composer again.")
    return _("Taken back. The text is in the composer again.")


def _replied(request: HttpRequest, ticket: Ticket, content: Content, given: dict[str, Any]) -> Message:
    to, cc = recipients_of(*people_of(ticket))
    if given["recipients"] and given["recipients"] != recipients_shown(to, cc):
        raise RecipientsChanged
    then = given["then"]
    return actions.reply(
        ticket.pk,
        content,
        author=agent_of(request),
        undo_for=timedelta(seconds=settings.UNDO_SECONDS),
        to=to,
        cc=cc,
        then=Status.objects.first_of(THEN[then]) if then else None,
        actor=actor_of(request),
    )


def _returned(request: HttpRequest, number: int, refused: Invalid) -> HttpResponse:
    """The composer with what was written and why it was not taken."""
    ticket = ticket_page(agent_of(request), number)
    kind = "note" if request.POST.get("kind") == "note" else "reply"
    html, text = forms.body_of(request.POST)
    kept = files_still_kept(agent_of(request), ticket.head.id, request.POST.getlist("kept")[: forms.MarksField.MOST])
    is_asked = isinstance(refused, AnsweredMeanwhile)
    composer = empty_composer(kind) | {"text": text, "html": html, "error": str(refused.message), "kept": kept}
    composer |= {"is_asked": is_asked, "seen": ticket.newest_id if is_asked else request.POST.get("seen", "")}
    if not isinstance(refused, DraftTaken) and "draft" not in refused.detail and request.POST.get("draft"):
        composer["draft"] = request.POST["draft"]
    context = page_context(request, ticket) | {"composer": composer}
    if is_htmx(request):
        return page(request, "tickets/_composer.html", context, status=refused.status)
    return page(request, "tickets/refused.html", context, status=refused.status)
