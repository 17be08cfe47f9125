"""What every request passes on its way in and out, outermost first."""

from __future__ import annotations

import secrets
import zoneinfo
from collections.abc import Callable, Iterable
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from tugi.core import refusals
from tugi.core.errors import DeskError, Forbidden
from tugi.core.pages import Density, Reader, Theme
from tugi.core.proxies import NEVER_BELIEVED, PROXY_HEADERS, client_address, is_trusted

Answer = Callable[[HttpRequest], HttpResponse]

TOO_MANY = 429
RETRY_SECONDS = "60"
"""Where whoever refuses does not say when there is room again (RFC 9110 10.2.3)."""
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
# "none" is a person's own doing: an address typed, a bookmark.
OWN_SITE = {"same-origin", "none"}
HEADERS = {
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
    # Every page is somebody's; what may be kept says so itself (static files, avatars).
    "Cache-Control": "no-store",
}


class ProxyMiddleware:
    """Takes a trusted proxy's word for the client's address and scheme, and nobody else's."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meta, trusted = request.META, settings.TRUSTED_PROXIES
        peer = meta.get("REMOTE_ADDR", "")
        if is_trusted(peer, trusted):
            meta["REMOTE_ADDR"] = client_address(peer, meta.get("HTTP_X_FORWARDED_FOR", ""), trusted)
        else:
            _drop(meta, PROXY_HEADERS)
        _drop(meta, NEVER_BELIEVED)
        return self.answer(request)


class RequestIdMiddleware:
    """Gives the request a number that its answer, its log lines and its error page share."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        from structlog.contextvars import bound_contextvars

        request.id = secrets.token_hex(8)  # type: ignore[attr-defined]
        with bound_contextvars(request_id=request.id):  # type: ignore[attr-defined]
            response = self.answer(request)
        response["X-Request-Id"] = request.id  # type: ignore[attr-defined]
        return response


class HeadersMiddleware:
    """Headers that every answer carries unless it brought its own."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if response.status_code == TOO_MANY:
            response.headers.setdefault("Retry-After", RETRY_SECONDS)
        return response


class SameSiteMiddleware:
    """Refuses a change that another site's page asks for, whatever cookies come with it.

    A view for other sites (a widget's door, a webhook) says so: `view.cross_site = True`.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        site = request.headers.get("Sec-Fetch-Site", "same-origin")
        if request.method not in UNSAFE or site in OWN_SITE or getattr(view, "cross_site", False):
            return None
        return refusals.refuse(request, Forbidden(refusals.REFUSED))


class LanguageMiddleware:
    """Speaks the agent's language in the agent's time; a stranger's browser says theirs.

    A page for a contact calls `speak_to` once it knows the person.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        agent = request.user if request.user.is_authenticated else None
        if agent is None:
            speak_to(translation.get_language_from_request(request), "UTC")
        else:
            speak_to(agent.language, agent.time_zone)
            look = cast(Theme, agent.theme), cast(Density, agent.density)
            request.reader = Reader(agent.name, *look, reverse("people:preferences"))  # type: ignore[attr-defined]
        try:
            response = self.answer(request)
            response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        finally:
            translation.activate(settings.LANGUAGE_CODE)
            timezone.deactivate()
        patch_vary_headers(response, ["Accept-Language"])
        return response


class ErrorsMiddleware:
    """Turns what an action raised into an answer. Innermost, so that headers and language are right."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DeskError):
            return refusals.refuse(request, exception)
        if settings.DEBUG:
            return None
        if isinstance(exception, Http404):
            return refusals.missing(request, exception)
        return refusals.forbidden(request, exception) if isinstance(exception, PermissionDenied) else None


def _drop(meta: dict[str, Any], names: Iterable[str]) -> None:
    for name in names:
        meta.pop(name, None)


def speak_to(language: str, time_zone: str) -> None:
    """Use this language and zone until the answer is finished; what is not known is passed over."""
    try:
        translation.activate(translation.get_supported_language_variant(language))
    except LookupError:
        translation.activate(settings.LANGUAGE_CODE)
    try:
        timezone.activate(zoneinfo.ZoneInfo(time_zone))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        timezone.deactivate()
