"""Reading what a request asks for: only known keys, each once, of the right shape."""

from __future__ import annotations

from typing import Any, TypeVar

from django import forms
from django.http import HttpRequest, QueryDict

from tugi.core.errors import Invalid
from tugi.core.refusals import BadRequest

F = TypeVar("F", bound=forms.Form)
OURS = {"csrfmiddlewaretoken"}


def read(form: type[F], request: HttpRequest, **options: Any) -> F:
    """The form, filled and valid. What a link of the desk itself repeats (undo) comes in the query.

    Raises BadRequest for keys that are unknown, said twice or left out, Invalid for values that cannot be taken.
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
    if getattr(form, "must_say", frozenset()) - set(given):
        raise BadRequest


def _first_error(form: forms.Form) -> str:
    return next((str(errors[0]) for errors in form.errors.values() if errors), "")


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def message_id(said: str) -> int | None:
    """A message's id as an address or a header says it; None for anything else."""
    return int(said) if said.isdecimal() and len(said) < 19 else None


def oldest_shown(request: HttpRequest) -> int | None:
    """The oldest message of the ticket on the agent's screen, who may have read further back."""
    return message_id(request.headers.get("X-Oldest-Shown", "")) if is_htmx(request) else None
