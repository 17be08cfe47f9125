"""One ticket: its page, its older messages, and the mark that somebody has read it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from tugi.core.pages import page
from tugi.people.request import agent_of
from tugi.tickets import actions
from tugi.tickets.access import ticket_for
from tugi.tickets.models import Ticket
from tugi.tickets.queries import ticket_page
from tugi.tickets.views.answers import LIST_REFRESH, address
from tugi.tickets.views.asked import is_htmx, message_id, oldest_shown
from tugi.tickets.views.talk import page_context, talk_context

FRAGMENTS = {"main": "tickets/_opened.html", "ticket": "tickets/_fresh.html"}


@require_safe
def ticket(request: HttpRequest, number: int) -> HttpResponseBase:
    found = ticket_page(agent_of(request), number, down_to=oldest_shown(request))
    if found.head.merged_into and "stay" not in request.GET:
        # Only who may see the ticket it went into is led there.
        target = Ticket.objects.visible_to(agent_of(request)).filter(number=found.head.merged_into)
        if target.exists():
            return redirect(address("ticket", found.head.merged_into))
    return page(request, "tickets/ticket.html", page_context(request, found), fragment=FRAGMENTS)


@require_safe
def older(request: HttpRequest, number: int) -> HttpResponseBase:
    """Messages before a message id, for the top of the thread."""
    found = ticket_page(agent_of(request), number, before=message_id(request.GET.get("before", "")))
    template = "tickets/_older.html" if is_htmx(request) else "tickets/older.html"
    return page(request, template, talk_context(request, found))


@require_POST
def reading(request: HttpRequest, number: int) -> HttpResponseBase:
    """The agent has the newest message on the screen."""
    found = ticket_for(agent_of(request), number)
    actions.mark_read(found.pk)
    return HttpResponse(status=204, headers={"HX-Trigger": LIST_REFRESH} if found.is_unread else {})
