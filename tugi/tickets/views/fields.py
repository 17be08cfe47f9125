"""A ticket's fields as small resources: who has it, how it stands, where it is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tugi.core.errors import Invalid
from tugi.core.pages import page
from tugi.people.models import Agent, Department, Permission
from tugi.people.request import actor_of, agent_of
from tugi.tickets import actions, forms
from tugi.tickets.access import ticket_for
from tugi.tickets.models import Status
from tugi.tickets.queries import agents_for, departments_to_move_to
from tugi.tickets.views.answers import address, changed, naming_changes
from tugi.tickets.views.asked import read

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@GET_OR_POST
@naming_changes
def assignment(request: HttpRequest, number: int) -> HttpResponseBase:
    """GET: who may take it. POST: somebody, me, or nobody takes it."""
    ticket = ticket_for(agent_of(request), number, to=Permission.ASSIGN)
    if request.method != "POST":
        choices = agents_for(ticket.department_id, current=ticket.assignee_id)
        return _menu(request, number, "agent", choices, version=ticket.version, nobody=ticket.assignee_id is not None)
    given = read(forms.AssignmentForm, request).cleaned_data
    to = _agent(request, given["agent"])
    before = ticket.assignee_id
    actions.assign_ticket(ticket.pk, to=to, version=given["version"], actor=actor_of(request))
    said = _("Assigned to %(agent)s.") % {"agent": to.name} if to else _("Assigned to nobody.")
    return changed(request, number, said, undo=address("ticket-assignment", number, agent=before or ""))


@require_POST
@naming_changes
def status(request: HttpRequest, number: int) -> HttpResponseBase:
    ticket = ticket_for(agent_of(request), number, to=Permission.EDIT)
    given = read(forms.StatusForm, request).cleaned_data
    to = Status.objects.filter(id=given["status"], is_active=True).first()
    if to is None:
        raise Invalid(_("There is no such status."), status="unknown")
    before = ticket.status_id
    actions.change_status(ticket.pk, to=to, version=given["version"], actor=actor_of(request))
    said = _("The status is now “%(status)s”.") % {"status": to}
    return changed(request, number, said, undo=address("ticket-status", number, status=before))


@require_POST
@naming_changes
def priority(request: HttpRequest, number: int) -> HttpResponseBase:
    ticket = ticket_for(agent_of(request), number, to=Permission.EDIT)
    given = read(forms.PriorityForm, request).cleaned_data
    before, to = ticket.priority, given["priority"]
    actions.change_priority(ticket.pk, to=to, version=given["version"], actor=actor_of(request))
    said = _("The priority is now “%(priority)s”.") % {"priority": to.label}
    return changed(request, number, said, undo=address("ticket-priority", number, priority=before))


@require_POST
@naming_changes
def subject(request: HttpRequest, number: int) -> HttpResponseBase:
    ticket = ticket_for(agent_of(request), number, to=Permission.EDIT)
    given = read(forms.SubjectForm, request).cleaned_data
    before = ticket.subject
    actions.change_subject(ticket.pk, to=given["subject"], version=given["version"], actor=actor_of(request))
    return changed(
        request, number, _("The subject is changed."), undo=address("ticket-subject", number, subject=before)
    )


@GET_OR_POST
@naming_changes
def department(request: HttpRequest, number: int) -> HttpResponseBase:
    """GET: where it may go. POST: it goes there."""
    ticket = ticket_for(agent_of(request), number, to=Permission.MOVE)
    if request.method != "POST":
        choices = departments_to_move_to(agent_of(request), current=ticket.department_id)
        return _menu(request, number, "department", choices, version=ticket.version)
    given = read(forms.DepartmentForm, request).cleaned_data
    to = Department.objects.filter(id=given["department"], is_active=True).first()
    if to is None:
        raise Invalid(_("There is no such department."), department="unknown")
    before = ticket.department_id
    actions.move_ticket(ticket.pk, to=to, version=given["version"], actor=actor_of(request))
    said = _("Moved to %(department)s.") % {"department": to.name}
    return changed(request, number, said, undo=address("ticket-department", number, department=before))


@require_POST
@naming_changes
def tags(request: HttpRequest, number: int) -> HttpResponseBase:
    ticket = ticket_for(agent_of(request), number, to=Permission.EDIT)
    given = read(forms.TagsForm, request).cleaned_data
    add, remove = given["add"], given["remove"]
    actions.change_tags(ticket.pk, add=add, remove=remove, version=given["version"], actor=actor_of(request))
    if remove and not add:
        said = _("The tag “%(tag)s” is off.") % {"tag": remove[0]}
        return changed(request, number, said, undo=address("ticket-tags", number, add=remove[0]))
    return changed(request, number, _("The tags are changed."))


def _agent(request: HttpRequest, wanted: str) -> Agent | None:
    if not wanted:
        return None
    if wanted == "me":
        return agent_of(request)
    found = Agent.objects.filter(id=int(wanted)).first()
    if found is None:
        raise Invalid(_("There is no such agent."), agent="unknown")
    return found


def _menu(request: HttpRequest, number: int, field: str, choices: object, **more: object) -> HttpResponse:
    context = {
        "number": number,
        "field": field,
        "choices": choices,
        "nobody": False,
        "me": agent_of(request).pk,
        **more,
    }
    return page(request, "tickets/choose.html", context, fragment="tickets/_choices.html")
