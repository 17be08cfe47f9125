from __future__ import annotations

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from tugi.core import limits
from tugi.core.errors import DeskError, NotFound
from tugi.core.models import DeskSettings
from tugi.core.pages import page
from tugi.setup import actions
from tugi.setup.first_run import opens
from tugi.setup.forms import FirstRunForm

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@login_not_required
@require_http_methods(["GET", "POST"])
def first_run(request: HttpRequest, key: str) -> HttpResponse:
    """The set-up page: opened by the console's key, closed for ever by its own success."""
    # By place: a stranger who tries keys must not shut out the one who has it.
    limits.take(f"set-up:{request.META.get('REMOTE_ADDR', '')}", most=60, seconds=600)
    if not opens(key):
        return _refused(request)
    form = FirstRunForm(request.POST or None, initial={"language": get_language() or "en", "time_zone": "UTC"})
    if request.method == "POST" and form.is_valid():
        try:
            agent = actions.set_up_desk(form.first_desk())
        except NotFound:
            raise
        except DeskError as refused:
            form.add_error(None, str(refused.message))
        else:
            login(request, agent, backend=BACKEND)
            return redirect("/")
    status = 422 if form.is_bound else 200
    return page(request, "setup/first_run.html", {"form": form}, status=status)


def _refused(request: HttpRequest) -> HttpResponse:
    """Whatever the key: after set-up a way on, before it nothing."""
    if not DeskSettings.load().is_set_up:
        raise NotFound
    return page(request, "setup/done.html", status=404)
