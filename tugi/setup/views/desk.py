from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from tugi.core.models import DeskSettings
from tugi.core.pages import page
from tugi.people.access import access_of
from tugi.people.models import Permission
from tugi.people.request import actor_of, agent_of
from tugi.setup import actions
from tugi.setup.forms import DeskForm


@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """The desk's own settings: what the first run asked for."""
    access_of(agent_of(request)).require(Permission.MANAGE_DESK)
    known = DeskSettings.load()
    names = ("company", "language", "time_zone")
    form = DeskForm(request.POST or None, initial={name: getattr(known, name) for name in names})
    if request.method == "POST" and form.is_valid():
        actions.change_desk(**form.cleaned_data, actor=actor_of(request))
        return redirect("setup:desk")
    return page(request, "setup/desk.html", {"form": form}, status=422 if form.is_bound else 200)
