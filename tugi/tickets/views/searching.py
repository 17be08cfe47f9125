"""What the search box finds, in the place of a list."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tugi.core.pages import page
from tugi.people.access import access_of
from tugi.people.models import Permission
from tugi.people.request import agent_of
from tugi.tickets.queries import sidebar
from tugi.tickets.queries.counts import MOST
from tugi.tickets.queries.found import Found, found_tickets
from tugi.tickets.queries.views import TITLES
from tugi.tickets.views.answers import address
from tugi.tickets.views.channels import channel_icons

LONGEST = 300
FRAGMENTS = {"desk-list": "tickets/_found_shown.html", "list-more": "tickets/_found_rows.html"}


@require_safe
def search(request: HttpRequest) -> HttpResponseBase:
    """Tickets that say this, newest first. A number that is a ticket's leads straight to it."""
    access_of(agent_of(request)).require(Permission.SEE_TICKETS)
    query = request.GET.get("q", "")[:LONGEST].strip()
    if not query:
        return redirect("inbox")
    before = request.GET.get("before", "")
    found = found_tickets(agent_of(request), query, int(before) if before.isdecimal() and len(before) < 19 else None)
    if found.jump and not found.rows and "stay" not in request.GET:
        return redirect(address("ticket", found.jump))
    return page(request, "tickets/search.html", _context(request, query, found), fragment=FRAGMENTS)


def _context(request: HttpRequest, query: str, found: Found) -> dict[str, Any]:
    side = sidebar(agent_of(request))
    return {
        "view": "",
        "title": _("Found"),
        "query": query,
        "views": [(name, title, side.counts.get(name)) for name, title in TITLES.items()],
        "departments": side.departments,
        "department_id": None,
        "most": MOST,
        "icons": channel_icons(),
        "found": found,
    }
