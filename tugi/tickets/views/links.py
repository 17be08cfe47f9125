"""The keys that customers hold to the ticket's page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tugi.people.models import Permission
from tugi.people.request import actor_of, agent_of
from tugi.tickets import actions
from tugi.tickets.access import ticket_for
from tugi.tickets.views.answers import changed


@require_POST
def revocation(request: HttpRequest, number: int) -> HttpResponseBase:
    """Make every link to the customer's page of this ticket void; the next mail brings a new one."""
    ticket = ticket_for(agent_of(request), number, to=Permission.EDIT)
    actions.revoke_links(ticket.pk, actor=actor_of(request))
    return changed(request, number, _("The customer's links no longer open this ticket."))
