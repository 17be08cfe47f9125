"""The living style guide: every component in both themes, and whole screens made of them. Development only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from tugi.core.errors import DeskError
from tugi.core.pages import page, reader_of
from tugi.core.styleguide import samples
from tugi.core.templating import icon_names

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def development_only(view: View[P]) -> View[P]:
    """Not there unless DEBUG is on or TUGI_STYLEGUIDE=1 in the environment; then open to all: it shows no data."""

    @login_not_required
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not (settings.DEBUG or settings.STYLEGUIDE):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_GET
@development_only
def components(request: HttpRequest) -> HttpResponse:
    context = {"icons": icon_names(), "colours": samples.COLOURS, "now": samples.now(), "form": samples.form()}
    return page(request, "core/styleguide/components.html", context)


@require_GET
@development_only
def desk(request: HttpRequest, number: int | None = None) -> HttpResponse:
    request.reader = replace(reader_of(request), name="Ben Kask")  # type: ignore[attr-defined]
    context = {"desk": samples.desk(), "open": number is not None, "places": samples.places}
    return page(request, "core/styleguide/desk.html", context, fragment={"main": "main"})


@require_GET
@development_only
def customer(request: HttpRequest) -> HttpResponse:
    return page(request, "core/styleguide/customer.html", {"desk": samples.desk()})


@require_GET
@development_only
def plain(request: HttpRequest) -> HttpResponse:
    return page(request, "core/styleguide/plain.html", {"form": samples.form()})


@require_GET
@development_only
def error(request: HttpRequest, status: int) -> HttpResponse:
    refused = DeskError()
    refused.status = status
    return page(request, "core/error.html", {"error": refused, "status": status}, status=status)


@require_GET
@development_only
def toast(request: HttpRequest) -> HttpResponse:
    return page(request, "core/styleguide/_toast.html")
