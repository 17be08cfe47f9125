from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tugi.core.errors import DeskError, NotFound
from tugi.core.pages import page
from tugi.people import actions, queries
from tugi.people.access import access_of
from tugi.people.forms import AgentForm, RolesForm
from tugi.people.models import Agent, Permission
from tugi.people.request import actor_of, agent_of


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    _may_manage(request)
    return page(request, "people/agents.html", {"agents": queries.agent_rows()})


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    _may_manage(request)
    form, roles = AgentForm(request.POST or None), RolesForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and roles.is_valid():
        try:
            agent = actions.add_agent(grants=roles.grants(), actor=actor_of(request), **form.cleaned_data)
        except DeskError as refused:
            form.add_error("email", str(refused.message))
        else:
            return _with_link(request, agent)
    context = {"form": form, "roles": roles, "agent": None}
    return page(request, "people/agent.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, agent_id: int) -> HttpResponse:
    """An agent's roles."""
    _may_manage(request)
    agent = _agent(agent_id)
    roles = RolesForm(request.POST or None, agent=agent)
    if request.method == "POST" and roles.is_valid():
        actions.grant_roles(agent.pk, roles.grants(), actor=actor_of(request))
        return redirect("people:agents")
    context = {"form": None, "roles": roles, "agent": agent}
    return page(request, "people/agent.html", context, status=422 if roles.is_bound else 200)


@require_POST
def link(request: HttpRequest, agent_id: int) -> HttpResponse:
    """A fresh link to choose a password, shown once to hand over."""
    _may_manage(request)
    return _with_link(request, _agent(agent_id))


@require_POST
def deactivate(request: HttpRequest, agent_id: int) -> HttpResponse:
    _may_manage(request)
    actions.deactivate_agent(_agent(agent_id).pk, actor=actor_of(request))
    return redirect("people:agents")


@require_POST
def reactivate(request: HttpRequest, agent_id: int) -> HttpResponse:
    _may_manage(request)
    actions.reactivate_agent(_agent(agent_id).pk, actor=actor_of(request))
    return redirect("people:agents")


def _may_manage(request: HttpRequest) -> None:
    access_of(agent_of(request)).require(Permission.MANAGE_PEOPLE)


def _agent(agent_id: int) -> Agent:
    agent = Agent.objects.filter(id=agent_id).first()
    if agent is None:
        raise NotFound
    return agent


def _with_link(request: HttpRequest, agent: Agent) -> HttpResponse:
    key = actions.make_account_link(agent.pk, actor=actor_of(request))
    address = settings.PUBLIC_URL + reverse("people:first-password", args=[key])
    return page(request, "people/link.html", {"agent": agent, "address": address})
