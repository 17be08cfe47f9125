"""What the templates of an open ticket need besides the ticket itself."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from tugi.people.access import access_of
from tugi.people.models import Permission
from tugi.tickets.models import Priority
from tugi.tickets.queries import TicketPage, statuses
from tugi.tickets.queries.people import recipients_of
from tugi.tickets.views.doors import AgentRequest


def talk_context(request: AgentRequest, ticket: TicketPage) -> dict[str, Any]:
    """`may` names what to offer; `view` is the key of the list that stays beside the ticket."""
    head = ticket.head
    to, cc = recipients_of(ticket.contact, ticket.participants)
    access = access_of(request.user)
    offered = (Permission.REPLY, Permission.NOTE, Permission.ASSIGN, Permission.EDIT, Permission.MOVE, Permission.MERGE)
    may = {each.name.lower(): access.in_department(each, head.department_id) for each in offered}
    return {
        "ticket": ticket,
        "head": head,
        "view": request.GET.get("view", "")[:40],
        "may": may,
        "me": request.user.pk,
        "to": to,
        "cc": cc,
        "statuses": statuses(current=head.status_id),
        "priorities": Priority.choices,
        "most_bytes": settings.MAX_UPLOAD_BYTES,
        "composer": empty_composer("reply" if may["reply"] else "note"),
        "undo_seconds": 0,
    }


def empty_composer(kind: str) -> dict[str, Any]:
    """`html` is None where only text is known: without script there are no forms to keep."""
    return {"kind": kind, "text": "", "html": None, "error": ""}
