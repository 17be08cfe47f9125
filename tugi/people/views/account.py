"""One's own account: profile, password, looks; and the link that gives a first password."""

from __future__ import annotations

from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tugi.core import limits
from tugi.core.errors import Invalid, NotFound
from tugi.core.pages import page
from tugi.people import actions
from tugi.people.actions.account_links import agent_behind
from tugi.people.errors import WeakPassword
from tugi.people.forms import FirstPasswordForm, PasswordForm, ProfileForm
from tugi.people.models import Agent
from tugi.people.request import actor_of, agent_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PROFILE = ("name", "language", "time_zone", "density", "signature")


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    agent = agent_of(request)
    form = ProfileForm(request.POST or None, initial={name: getattr(agent, name) for name in PROFILE})
    if request.method == "POST" and form.is_valid():
        actions.change_profile(agent.pk, actor=actor_of(request), **form.cleaned_data)
        return redirect(_profile_saying("profile"))
    context = {"form": form, "password_form": PasswordForm(agent=agent), "saved": request.GET.get("saved")}
    return page(request, "people/profile.html", context, status=422 if form.is_bound else 200)


@sensitive_post_parameters()
@require_POST
def password(request: HttpRequest) -> HttpResponse:
    agent = agent_of(request)
    limits.take(f"password:{agent.pk}", most=10, seconds=900)
    form = PasswordForm(request.POST, agent=agent)
    if form.is_valid():
        try:
            changed = actions.change_password(agent.pk, password=form.cleaned_data["password"], actor=actor_of(request))
        except WeakPassword as refused:
            form.add_error("password", refused.detail["password"])
        else:
            update_session_auth_hash(request, changed)
            return redirect(_profile_saying("password"))
    profile_form = ProfileForm(initial={name: getattr(agent, name) for name in PROFILE})
    context = {"form": profile_form, "password_form": form, "saved": None}
    return page(request, "people/profile.html", context, status=422)


def _profile_saying(saved: str) -> str:
    """The profile's address, where it says which of its forms is saved."""
    return f"{reverse('people:profile')}?saved={saved}"


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Theme and density, told by their switches."""
    wanted = {name: request.POST[name] for name in ("theme", "density") if name in request.POST}
    known = {"theme": Agent.Theme.values, "density": Agent.Density.values}
    if not wanted or any(value not in known[name] for name, value in wanted.items()):
        raise Invalid(_("There is no such theme or density."))
    actions.change_profile(agent_of(request).pk, actor=actor_of(request), **wanted)
    return HttpResponse(status=204)


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def first_password(request: HttpRequest, key: str) -> HttpResponse:
    """Choose a password by a link; asking for the page changes nothing, so that mail scanners may."""
    limits.take(f"account-link:{request.META.get('REMOTE_ADDR', '')}", most=60, seconds=600)
    agent = agent_behind(key)
    if agent is None:
        raise NotFound(_("This link has been used or is too old. Ask an administrator for another one."))
    form = FirstPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            agent = actions.use_account_link(key, password=form.cleaned_data["password"])
        except WeakPassword as refused:
            form.add_error("password", refused.detail["password"])
        else:
            login(request, agent, backend=BACKEND)
            return redirect("/")
    context = {"form": form, "agent": agent}
    return page(request, "people/first_password.html", context, status=422 if form.is_bound else 200)
