"""Safe by default: what every answer carries (SECURITY 4.4, 4.5, 4.9, 4.10)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import Settings

from tugi.core.errors import Conflict, DeskError, Forbidden, Invalid, NotFound

pytestmark = pytest.mark.django_db


def raising(error: Exception) -> Callable[[HttpRequest], HttpResponse]:
    @login_not_required
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


@login_not_required
def nonce(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f'<script nonce="{request.csp_nonce}"></script>')  # type: ignore[attr-defined]


@login_not_required
def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("fine")


ERRORS: dict[str, tuple[Exception, int]] = {
    "not-found": (NotFound("gone"), 404),
    "forbidden": (Forbidden("no"), 403),
    "conflict": (Conflict("changed", version=3), 409),
    "invalid": (Invalid("wrong", subject="too long"), 422),
    "http404": (Http404(), 404),
    "denied": (PermissionDenied(), 403),
    "database": (OperationalError("the secret cause"), 503),
    "bug": (ZeroDivisionError("the secret cause"), 500),
}
handler400 = "tugi.core.refusals.malformed"
handler404 = "tugi.core.refusals.missing"
handler500 = "tugi.core.refusals.failed"
urlpatterns = [
    path("plain", plain),
    path("nonce", nonce),
    *(path(name, raising(error)) for name, (error, _) in ERRORS.items()),
]


@pytest.fixture
def client(settings: Settings) -> Client:
    settings.ROOT_URLCONF = "tugi.core.tests.test_headers"
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    "address", ["/plain", "/no-such-page", "/static/core/no-such.css", *(f"/{name}" for name in ERRORS)]
)
def test_every_answer_is_guarded(client: Client, address: str) -> None:
    headers = client.get(address).headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Request-Id"]


def test_the_nonce_of_the_page_is_the_policys_and_new_each_time(client: Client) -> None:
    answers = [client.get("/nonce") for _ in range(2)]
    nonces = [re.findall(r'nonce="([^"]+)"', answer.content.decode())[0] for answer in answers]

    assert nonces[0] != nonces[1]
    for answer, value in zip(answers, nonces, strict=True):
        assert f"'nonce-{value}'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(("name", "status"), [(name, status) for name, (_, status) in ERRORS.items()])
def test_a_page_says_what_was_refused(client: Client, name: str, status: int) -> None:
    answer = client.get(f"/{name}", headers={"Accept": "text/html"})

    assert answer.status_code == status
    assert answer["Content-Type"].startswith("text/html")
    assert "secret cause" not in answer.content.decode()


@pytest.mark.parametrize(("name", "status"), [(name, status) for name, (_, status) in ERRORS.items()])
def test_a_program_gets_json(client: Client, name: str, status: int) -> None:
    answer = client.get(f"/{name}", headers={"Accept": "application/json"})
    error = ERRORS[name][0]

    assert answer.status_code == status
    if isinstance(error, DeskError):
        assert answer.json()["error"] == error.code
        assert answer.json().get("detail", {}) == error.detail
    assert "secret cause" not in answer.content.decode()


def test_htmx_gets_a_piece(client: Client) -> None:
    answer = client.get("/conflict", headers={"HX-Request": "true"})

    assert answer.status_code == 409
    assert "<html" not in answer.content.decode()


@pytest.mark.parametrize(
    ("site", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)]
)
def test_a_change_asked_for_by_another_site_is_refused(client: Client, site: str, status: int) -> None:
    assert client.post("/plain", headers={"Sec-Fetch-Site": site}).status_code == status


def test_a_form_without_its_token_is_refused(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tugi.core.tests.test_headers"

    assert Client(enforce_csrf_checks=True).post("/plain").status_code == 403


def test_a_foreign_host_is_refused(client: Client) -> None:
    assert client.get("/plain", headers={"Host": "evil.example"}).status_code == 400


def test_the_language_is_the_browsers(client: Client) -> None:
    assert client.get("/plain", headers={"Accept-Language": "et,en;q=0.5"})["Content-Language"] == "et"
    assert client.get("/plain", headers={"Accept-Language": "xx"})["Content-Language"] == "en"


def test_cookies_are_not_for_scripts_nor_for_other_sites() -> None:
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.CSRF_COOKIE_HTTPONLY
    assert (settings.SESSION_COOKIE_SAMESITE, settings.CSRF_COOKIE_SAMESITE) == ("Lax", "Lax")
