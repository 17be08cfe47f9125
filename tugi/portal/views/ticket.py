"""The ticket's page, as its customer sees it. The key in the address is the whole sign-in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tugi.core import limits
from tugi.core.errors import DeskError
from tugi.core.html import text_to_html
from tugi.core.middleware import speak_to
from tugi.core.models import DeskSettings
from tugi.core.pages import page
from tugi.core.text import normalise
from tugi.events import actors
from tugi.portal.access import Visit, visit_for
from tugi.portal.reading import entries, standing
from tugi.portal.views.strays import led_back
from tugi.tickets import actions
from tugi.tickets.content import Content, Incoming
from tugi.tickets.errors import NothingToSay
from tugi.tickets.models import Category, Proof, Status
from tugi.tickets.uploads import keep_uploads

LONGEST_COMMENT = 50_000
COMMENTS = {"most": 20, "seconds": 600}
CHANNEL = "portal"
SENT = "sent"
"""In the address after a comment, so that the page can say so."""


@login_not_required
@require_GET
@led_back
def show(request: HttpRequest, key: str) -> HttpResponse:
    return _page(request, visit_for(key))


@login_not_required
@require_POST
@led_back
def comment(request: HttpRequest, key: str) -> HttpResponse:
    visit = visit_for(key)
    text = normalise(request.POST.get("text", ""))[:LONGEST_COMMENT]
    try:
        _add_comment(request, visit, text)
    except DeskError as refused:
        return _page(request, visit, text=text, refused=refused)
    return redirect(f"{_address(visit)}?{SENT}=1#end")


@login_not_required
@require_POST
@led_back
def close(request: HttpRequest, key: str) -> HttpResponse:
    return _set(visit_for(key), Category.RESOLVED)


@login_not_required
@require_POST
@led_back
def reopen(request: HttpRequest, key: str) -> HttpResponse:
    return _set(visit_for(key), Category.OPEN)


def _add_comment(request: HttpRequest, visit: Visit, text: str) -> None:
    limits.take(f"portal-comment:{visit.ticket.pk}:{visit.contact.pk}", **COMMENTS)
    files = keep_uploads(request.FILES.getlist("files"))
    if not text.strip() and not files:
        raise NothingToSay
    said = Incoming(
        content=Content(html=text_to_html(text), text=text, files=files),
        channel=CHANNEL,
        contact_id=visit.contact.pk,
        proof=Proof.TOKEN,
        author_name=visit.contact.name,
        author_address=visit.address(),
    )
    actions.receive_message(visit.ticket.pk, said, actor=actors.contact(visit.contact.pk, "web"))


def _set(visit: Visit, category: Category) -> HttpResponse:
    limits.take(f"portal-status:{visit.ticket.pk}", **COMMENTS)
    status = Status.objects.first_of(category)
    actions.change_status(visit.ticket.pk, to=status, actor=actors.contact(visit.contact.pk, "web"))
    return redirect(_address(visit))


def _page(request: HttpRequest, visit: Visit, *, text: str = "", refused: DeskError | None = None) -> HttpResponse:
    desk = DeskSettings.load()
    speak_to(visit.contact.language or get_language() or desk.language, visit.contact.time_zone or desk.time_zone)
    said = entries(visit)
    context = {
        "key": visit.key,
        "ticket": visit.ticket,
        "company": desk.company,
        "standing": standing(visit, said),
        "entries": said,
        "text": text,
        "error": str(refused.message) if refused else None,
        "is_sent": SENT in request.GET,
        "most_bytes": settings.MAX_UPLOAD_BYTES,
        "title": visit.ticket.subject or _("Your request"),
    }
    return page(request, "portal/ticket.html", context, status=refused.status if refused else 200)


def _address(visit: Visit) -> str:
    return reverse("portal:ticket", args=[visit.key])
