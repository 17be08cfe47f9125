"""Every address of the desk. Each domain names its own; the order is the order of asking."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from tugi.core import health, reports

DOMAINS = (
    "tugi.setup.urls",
    "tugi.core.styleguide.urls",
    "tugi.people.urls",
    "tugi.tickets.urls",
    "tugi.channels.email.urls",
    "tugi.live.urls",
    "tugi.portal.urls",
)


def _exists(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("csp", reports.take_csp_report, name="csp-report"),
    *(path("", include(module)) for module in DOMAINS if _exists(module)),
]

handler400 = "tugi.core.refusals.malformed"
handler403 = "tugi.core.refusals.forbidden"
handler404 = "tugi.core.refusals.missing"
handler500 = "tugi.core.refusals.failed"
