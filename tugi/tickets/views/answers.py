"""What a change of a ticket answers with: the parts of the page that show it, or without htmx the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from tugi.core.errors import NotFound
from tugi.core.pages import page
from tugi.people.request import agent_of
from tugi.tickets.access import ticket_for
from tugi.tickets.errors import StaleTicket
from tugi.tickets.queries import ticket_page
from tugi.tickets.queries.history import missed_changes
from tugi.tickets.views.asked import is_htmx, oldest_shown
from tugi.tickets.views.talk import list_beside, talk_context

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
MOST_NAMED = 5
LIST_REFRESH = '{"live": {"target": "#ticket-list"}}'


def changed(
    request: HttpRequest,
    number: int,
    said: str,
    *,
    undo: str = "",
    also: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The ticket's page brought up to date in place, and `said` as a passing line with a way back.

    An agent who by this change lost the ticket from sight is led to the list.
    """
    if not is_htmx(request):
        return redirect(_after(request, number))
    try:
        ticket = ticket_page(agent_of(request), number, down_to=oldest_shown(request))
    except NotFound:
        return HttpResponse(headers={"HX-Redirect": reverse("inbox")})
    context = {
        **talk_context(request, ticket),
        "said": said,
        "undo": undo,
        "undo_label": "",
        "reset": "",
        **(also or {}),
    }
    response = page(request, "tickets/_changed.html", context, status=status)
    response["HX-Trigger"] = LIST_REFRESH
    return response


def naming_changes(view: View) -> View:
    """Let the refusal of a stale change say what others did meanwhile."""

    @wraps(view)
    def telling(*args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(*args, **kwargs)
        except StaleTicket as stale:
            changes = missed_changes(stale.detail["ticket_id"], min(stale.detail["missed"], MOST_NAMED))
            raise StaleTicket(" ".join([str(stale.message), *changes]), changes=changes) from stale

    return cast(View, telling)


def address(name: str, *args: Any, **query: Any) -> str:
    return f"{reverse(name, args=args)}?{urlencode(query)}" if query else reverse(name, args=args)


def _after(request: HttpRequest, number: int) -> str:
    try:
        ticket_for(agent_of(request), number)
    except NotFound:
        return reverse("inbox")
    view = list_beside(request)
    return address("ticket", number, **({"view": view} if view else {}))
