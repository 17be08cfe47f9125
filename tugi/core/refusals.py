"""How a refusal or a failure reaches whoever asked: JSON, a piece for htmx, or a page."""

from __future__ import annotations

import logging
import math
import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import TemplateDoesNotExist
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from tugi.core import pages
from tugi.core.errors import DeskError, Forbidden, NotFound

log = logging.getLogger(__name__)


class BadRequest(DeskError):
    """The request itself makes no sense."""

    status = 400
    code = "bad_request"
    message = _("The request could not be understood.")


class Unexpected(DeskError):
    """A fault of ours. The number finds it in the log."""

    status = 500
    code = "unexpected"
    message = _("Something went wrong on our side. Nothing was changed.")


class Unreachable(DeskError):
    """The database does not answer, or is too busy: worth another try, so nothing that was typed is lost."""

    status = 503
    code = "unreachable"
    message = _("The desk cannot reach its database at the moment. Please try again in a minute.")


GONE = _("This does not exist, or you cannot see it.")
REFUSED = _("You are not allowed to do this.")
STALE = _("This page was open too long. Load it again and repeat what you did.")


def refuse(request: HttpRequest, error: DeskError) -> HttpResponse:
    """The answer that says `error`, in the shape the request asked for, and when to come back if that is known."""
    answer = _answer(request, error)
    if "seconds" in error.detail:
        answer["Retry-After"] = str(math.ceil(error.detail["seconds"]))
    return answer


def _answer(request: HttpRequest, error: DeskError) -> HttpResponse:
    if not error.message:
        error.message = {404: GONE, 403: REFUSED}.get(error.status, BadRequest.message)
    if wants_json(request):
        return _json(request, error)
    try:
        return pages.refusal(request, error)
    except TemplateDoesNotExist:
        return _plain(error)
    except Exception:
        # The page of an error must not fail for a second reason; the first one is worth more.
        log.exception("The page of an error could not be rendered.")
        return _plain(error)


def wants_json(request: HttpRequest) -> bool:
    """Whether it was asked by a program: JSON preferred over HTML, or the API's own paths."""
    accept = request.headers.get("Accept", "")
    return request.path_info.startswith("/api/") or ("application/json" in accept and "text/html" not in accept)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404."""
    return refuse(request, NotFound(GONE))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403."""
    return refuse(request, Forbidden(REFUSED))


def malformed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400."""
    return refuse(request, BadRequest())


def failed(request: HttpRequest) -> HttpResponse:
    """handler500. Django calls it while the exception is being handled."""
    if not isinstance(sys.exception(), (OperationalError, InterfaceError)):
        return refuse(request, Unexpected())
    response = _json(request, Unreachable()) if wants_json(request) else _plain(Unreachable())
    response["Retry-After"] = "10"
    return response


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: most often a form from before signing in again."""
    log.warning("A form was refused: %s", reason, extra={"path": request.path_info})
    return refuse(request, Forbidden(STALE))


def _json(request: HttpRequest, error: DeskError) -> JsonResponse:
    body: dict[str, Any] = {"error": error.code, "message": str(error.message)}
    if error.detail:
        body["detail"] = error.detail
    if error.status >= 500:
        body["request_id"] = getattr(request, "id", "")
    return JsonResponse(body, status=error.status, json_dumps_params={"ensure_ascii": False, "default": str})


def _plain(error: DeskError) -> HttpResponse:
    body = format_html("<!doctype html><title>{0}</title><h1>{0}</h1><p>{1}</p>", error.status, error.message)
    return HttpResponse(body, status=error.status)
