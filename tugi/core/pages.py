"""One view, two answers: the whole page, or the piece of it that htmx asked for.

htmx 4 says `HX-Request`, and in `HX-Request-Type` whether it swaps a part ("partial") or a body ("full"). A
restored history entry comes without them and so gets the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import loader
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.utils.translation import get_language, get_language_info
from jinja2 import Template

from tugi.core.errors import DeskError

Theme = Literal["system", "light", "dark"]
Density = Literal["comfortable", "compact"]
Fragment = str | Mapping[str, str] | None
THEME_COOKIE = "tugi_theme"
CSRF_INPUT = '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'


@dataclass(frozen=True)
class Reader:
    """Who reads and how they like it; every template has it as `reader`.

    `preferences_url` takes a POST of theme or density; empty when there is nobody to remember them for.
    """

    name: str = ""
    theme: Theme = "system"
    density: Density = "comfortable"
    preferences_url: str = ""

    @property
    def language(self) -> str:
        return get_language() or "en"

    @property
    def direction(self) -> str:
        return "rtl" if get_language_info(self.language)["bidi"] else "ltr"


def reader_of(request: HttpRequest) -> Reader:
    """`request.reader` if a middleware knows the person, else a stranger with the theme of their cookie."""
    known = getattr(request, "reader", None)
    if isinstance(known, Reader):
        return known
    theme = request.COOKIES.get(THEME_COOKIE, "system")
    return Reader(theme=cast(Theme, theme if theme in ("light", "dark") else "system"))


def reader_context(request: HttpRequest) -> dict[str, Any]:
    """A context processor, for templates that somebody else's view renders too."""
    token = SimpleLazyObject(lambda: _token(request))
    return {
        "reader": reader_of(request),
        "csrf_token": token,
        "csrf_input": SimpleLazyObject(lambda: format_html(CSRF_INPUT, token)),
    }


def _token(request: HttpRequest) -> str:
    """The token for this page's forms. There are a dozen of them, and Django masks it anew for each."""
    kept: str = request.__dict__.get("_token") or get_token(request)
    request._token = kept  # type: ignore[attr-defined]
    return kept


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx will put the answer into a part of the page it has."""
    headers = request.headers
    restoring = headers.get("HX-History-Restore-Request") == "true"
    partial = headers.get("HX-Request-Type", "partial") == "partial"
    return headers.get("HX-Request") == "true" and partial and not restoring


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    fragment: Fragment = None,
    status: int = 200,
) -> HttpResponse:
    """The page, or its fragment when htmx asks for one.

    `fragment` is the name of a block of the template, or a partial ("tickets/_rows.html"), or a mapping of
    the id of the target htmx names to either of these; an id that is not in it gets the whole page.
    """
    wanted = _wanted(request, fragment) if wants_fragment(request) else None
    values = {"reader": reader_of(request), **(context or {})}
    response = HttpResponse(_render(request, template, wanted, values), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def refusal(request: HttpRequest, error: DeskError) -> HttpResponse:
    """A refused action as the person sees it: a toast beside what they typed, or a page that leads on."""
    htmx = request.headers.get("HX-Request") == "true"
    template = "core/_refusal.html" if htmx else "core/error.html"
    return page(request, template, {"error": error, "status": error.status}, status=error.status)


def _wanted(request: HttpRequest, fragment: Fragment) -> str | None:
    if isinstance(fragment, str) or fragment is None:
        return fragment
    target = request.headers.get("HX-Target", "").partition("#")[2]
    return fragment.get(target)


def _render(request: HttpRequest, template: str, fragment: str | None, values: dict[str, Any]) -> str:
    if fragment is None or fragment.endswith(".html"):
        return loader.render_to_string(fragment or template, values, request)
    return _render_block(request, template, fragment, values)


def _render_block(request: HttpRequest, name: str, block: str, values: dict[str, Any]) -> str:
    wrapped = cast(Any, loader.get_template(name))
    template = cast(Template, wrapped.template)
    if block not in template.blocks:
        raise LookupError(f"{name} has no block {block!r}")
    given: dict[str, Any] = {"request": request}
    for processor in wrapped.backend.template_context_processors:
        given.update(processor(request))
    given.update(values)
    return "".join(template.blocks[block](template.new_context(given)))
