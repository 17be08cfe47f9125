"""Two tickets that are one: finding the other, seeing both, merging, and the way back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tugi.core.errors import NotFound
from tugi.core.pages import page
from tugi.people.models import Permission
from tugi.people.request import actor_of, agent_of
from tugi.tickets import actions, forms
from tugi.tickets.access import ticket_for
from tugi.tickets.models import Merge
from tugi.tickets.queries import rows_of
from tugi.tickets.queries.merging import candidates
from tugi.tickets.views.answers import address, changed
from tugi.tickets.views.asked import is_htmx, read


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, number: int) -> HttpResponseBase:
    """GET: tickets to merge into, by number, words, or the same contact. POST: `number` goes into `into`."""
    ticket = ticket_for(agent_of(request), number, to=Permission.MERGE)
    if request.method == "POST":
        into = ticket_for(agent_of(request), read(forms.MergeForm, request).cleaned_data["into"], to=Permission.MERGE)
        actions.merge_tickets(ticket.pk, into=into.pk, actor=actor_of(request))
        return _to(request, into.number)
    query = request.GET.get("q", "")[:200].strip()
    context = {
        "number": number,
        "query": query,
        "source": next(iter(rows_of(agent_of(request), [number])), None),
        "candidates": candidates(agent_of(request), ticket, query),
    }
    fragments = {"merge-found": "tickets/_merge_found.html", "merge-body": "tickets/_merge.html"}
    return page(request, "tickets/merge.html", context, fragment=fragments)


@require_POST
def undo(request: HttpRequest, number: int, merge_id: int) -> HttpResponseBase:
    """The messages that came with the merge go back. Asked from the ticket that has them."""
    target = ticket_for(agent_of(request), number, to=Permission.MERGE)
    found = Merge.objects.select_related("source").filter(id=merge_id, target=target).first()
    if found is None:
        raise NotFound
    actions.undo_merge(found.pk, actor=actor_of(request))
    return changed(
        request, number, _("The merge is undone: #%(number)s is a ticket again.") % {"number": found.source.number}
    )


def _to(request: HttpRequest, number: int) -> HttpResponse:
    where = address("ticket", number)
    return HttpResponse(headers={"HX-Redirect": where}) if is_htmx(request) else redirect(where)
