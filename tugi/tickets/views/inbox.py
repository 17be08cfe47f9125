"""The lists: the desk's opening screen."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from tugi.core.pages import page
from tugi.people.access import access_of
from tugi.people.models import Permission
from tugi.people.request import agent_of
from tugi.tickets.queries import Cursor, Sidebar, View, department_view, inbox_page, sidebar, view_named
from tugi.tickets.queries.counts import MOST
from tugi.tickets.queries.views import TITLES, ViewName
from tugi.tickets.views.channels import channel_icons

FRAGMENTS = {
    "desk-list": "tickets/_list_shown.html",
    "list-more": "tickets/_rows.html",
    "ticket-list": "tickets/_list_fresh.html",
}


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    return redirect("inbox")


@require_safe
def inbox(request: HttpRequest) -> HttpResponseBase:
    access_of(agent_of(request)).require(Permission.SEE_TICKETS)
    side = sidebar(agent_of(request))
    return _list(request, view_named(agent_of(request), request.GET.get("view", ""), side.names), side)


@require_safe
def inbox_of_department(request: HttpRequest, department_id: int) -> HttpResponseBase:
    side = sidebar(agent_of(request))
    return _list(request, department_view(agent_of(request), department_id, side.names), side)


@require_safe
def beside(request: HttpRequest) -> HttpResponseBase:
    """The list beside a ticket that is open already, as a fragment."""
    side = sidebar(agent_of(request))
    view = view_named(agent_of(request), request.GET.get("view", ""), side.names)
    shown = inbox_page(agent_of(request), view, departments=side.department_ids)
    return page(request, "tickets/_list_beside.html", list_context(view, side, shown))


def _list(request: HttpRequest, view: View, side: Sidebar) -> HttpResponseBase:
    before, down_to = (Cursor.read(request.GET.get(name, "")) for name in ("before", "down_to"))
    shown = inbox_page(agent_of(request), view, before, down_to=down_to, departments=side.department_ids)
    context = list_context(view, side, shown) | {"goes_on": before is not None}
    return page(request, "tickets/inbox.html", context, fragment=FRAGMENTS)


def list_context(view: View, side: Any, shown: Any) -> dict[str, Any]:
    return {
        "view": view.key,
        "title": view.title,
        "place_name": view.name,
        "views": [(name, title, side.counts.get(name) if side else None) for name, title in TITLES.items()],
        "departments": side.departments if side else (),
        "department_id": view.department_id,
        "list_count": _count(view, side),
        "most": MOST,
        "rows": shown.rows,
        "goes_on": False,
        "next": shown.next,
        "query": "",
        "icons": channel_icons(),
    }


def _count(view: View, side: Any) -> int | None:
    if view.name == ViewName.DEPARTMENT:
        return next((each.open for each in side.departments if each.id == view.department_id), 0)
    counted: int | None = side.counts.get(view.name)
    return counted
