"""Contacts as one types their names."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tugi.core.pages import page
from tugi.people.access import access_of
from tugi.people.contact_search import find_contacts
from tugi.people.models import Permission
from tugi.people.request import agent_of

LONGEST = 100
MOST = 8
LOOKED_AT = 40
"""More than are shown, because some have no address."""


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Contacts that this agent may know and that can be written to, as the options of a list."""
    access_of(agent_of(request)).require(Permission.SEE_TICKETS)
    typed = request.GET.get("q", "")[:LONGEST].strip()
    found = [each for each in find_contacts(agent_of(request), typed, LOOKED_AT) if each.address]
    return page(request, "people/_found_contacts.html", {"contacts": found[:MOST]})
