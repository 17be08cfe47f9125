"""What the templates of an open ticket need besides the ticket itself."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.http import HttpRequest

from tugi.core.crypto import random_token
from tugi.people.access import access_of
from tugi.people.models import Permission
from tugi.people.request import agent_of
from tugi.tickets.models import Priority
from tugi.tickets.queries import TicketPage, view_named
from tugi.tickets.queries.people import recipients_of, recipients_shown
from tugi.tickets.queries.views import TITLES

LONGEST_KEY = 40


def talk_context(request: HttpRequest, ticket: TicketPage) -> dict[str, Any]:
    """`may` names what to offer; `view` is the key of the list that stays beside the ticket."""
    head = ticket.head
    to, cc = recipients_of(ticket.contact, ticket.participants)
    access = access_of(agent_of(request))
    offered = (Permission.REPLY, Permission.NOTE, Permission.ASSIGN, Permission.EDIT, Permission.MOVE, Permission.MERGE)
    may = {each.name.lower(): access.in_department(each, head.department_id) for each in offered}
    return {
        "ticket": ticket,
        "head": head,
        "view": list_beside(request),
        "may": may,
        "me": agent_of(request).pk,
        "to": to,
        "recipients": recipients_shown(to, cc),
        "statuses": ticket.statuses,
        "priorities": Priority.choices,
        "most_bytes": settings.MAX_UPLOAD_BYTES,
        "composer": empty_composer("reply" if may["reply"] else "note") | {"seen": ticket.newest_id},
        "undo_seconds": 0,
    }


def page_context(request: HttpRequest, ticket: TicketPage) -> dict[str, Any]:
    """The same for the whole page, with the list that is beside it."""
    beside = view_named(agent_of(request), list_beside(request))
    return talk_context(request, ticket) | {
        "view": beside.key,
        "title": beside.title,
        "department_id": beside.department_id,
        "views": [(name, title, None) for name, title in TITLES.items()],
        "departments": (),
        "most": 0,
        "query": "",
    }


def list_beside(request: HttpRequest) -> str:
    """The key of the list that the agent came from: in the address asked for, or in the page's own."""
    # Cut by hand: what calls itself an address may be none, and `urlsplit` raises then.
    page = request.headers.get("HX-Current-URL", "").partition("#")[0].partition("?")[2]
    found = request.GET.get("view") or parse_qs(page).get("view", [""])[0]
    return found[:LONGEST_KEY]


def empty_composer(kind: str) -> dict[str, Any]:
    """`html` is None where only text is known: without script there are no forms to keep. `draft` is the key of
    this composer's message; `is_back` means that it was taken back; `seen` is the newest message the agent has
    seen, and `is_asked` means that a colleague's is newer."""
    composer = {"kind": kind, "text": "", "html": None, "error": "", "kept": (), "draft": random_token()}
    return composer | {"is_back": False, "seen": "", "is_asked": False}
