"""What every view of the desk begins with: an agent who is signed in, and input of the right shape."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import resolve_url

from tugi.core.errors import Invalid
from tugi.core.refusals import BadRequest
from tugi.events import actors
from tugi.events.actors import Actor
from tugi.people.models import Agent

P = ParamSpec("P")
F = TypeVar("F", bound=forms.Form)
OURS = {"csrfmiddlewaretoken"}


class AgentRequest(HttpRequest):
    """A request whose agent is signed in."""

    user: Agent  # type: ignore[assignment]


def for_agents(
    view: Callable[Concatenate[AgentRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let only signed-in agents in; others are led to the sign-in page and back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        return view(cast(AgentRequest, request), *args, **kwargs)

    return guarded


def actor_of(request: AgentRequest) -> Actor:
    return actors.agent(request.user.pk)


def read(form: type[F], request: HttpRequest, **options: Any) -> F:
    """The form, filled and valid. What a link of the desk itself repeats (undo) comes in the query.

    Raises BadRequest for keys that are unknown or said twice, Invalid for values that cannot be taken.
    """
    given = request.POST if _has_words(request.POST) else request.GET
    asked = form(given, request.FILES, **options)
    _refuse_strange_keys(asked, given)
    if not asked.is_valid():
        raise Invalid(_first_error(asked), **{name: list(errors) for name, errors in asked.errors.items()})
    return asked


def _has_words(data: QueryDict) -> bool:
    return bool(set(data) - OURS)


def _refuse_strange_keys(form: forms.Form, given: QueryDict) -> None:
    for key in given:
        if key in OURS:
            continue
        many = isinstance(form.fields.get(key), forms.MultipleChoiceField)
        if key not in form.fields or (len(given.getlist(key)) > 1 and not many):
            raise BadRequest


def _first_error(form: forms.Form) -> str:
    return next((str(errors[0]) for errors in form.errors.values() if errors), "")


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    htmx = request.headers.get("HX-Request") == "true"
    back = "/" if htmx or request.method != "GET" else request.get_full_path()
    address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}"
    if htmx:
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return HttpResponse(status=302, headers={"Location": address})
