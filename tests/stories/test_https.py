"""The desk behind a proxy that ends TLS: cookies, redirects and links are https, and only the proxy is believed."""

from __future__ import annotations

import http.client
from collections.abc import Iterator

import pytest

from tests.servers.tugi_server import TugiServer, tugi_server

pytestmark = pytest.mark.once

BY_PROXY = {"Host": "desk.example.com", "X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.1"}


@pytest.fixture(scope="module")
def desk() -> Iterator[TugiServer]:
    settings = {"TUGI_PUBLIC_URL": "https://desk.example.com", "TUGI_TRUSTED_PROXIES": "127.0.0.1"}
    with tugi_server(settings=settings) as server:
        yield server


def get(desk: TugiServer, path: str, headers: dict[str, str]) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=10)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def test_plain_http_is_sent_to_https(desk: TugiServer) -> None:
    answer = get(desk, "/sign-in", {"Host": "desk.example.com"})

    assert (answer.status, answer.headers["Location"]) == (301, "https://desk.example.com/sign-in")


def test_cookies_are_bound_to_the_host_and_to_https(desk: TugiServer) -> None:
    cookies = get(desk, "/sign-in", BY_PROXY).headers.get_all("Set-Cookie") or []

    assert cookies
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert "; Secure" in cookie
        assert "; HttpOnly" in cookie
        assert "; Path=/" in cookie
        assert "Domain=" not in cookie


def test_the_first_week_promises_https_for_an_hour_only(desk: TugiServer) -> None:
    assert get(desk, "/sign-in", BY_PROXY).headers["Strict-Transport-Security"] == "max-age=3600"


@pytest.mark.parametrize("host", ["evil.example", "desk.example.com.evil.example", "desk.example.com@evil.example"])
def test_another_host_is_refused(desk: TugiServer, host: str) -> None:
    assert get(desk, "/sign-in", BY_PROXY | {"Host": host}).status == 400


def test_a_forwarded_host_is_not_believed(desk: TugiServer) -> None:
    answer = get(desk, "/", BY_PROXY | {"X-Forwarded-Host": "evil.example"})

    assert "evil" not in (answer.headers["Location"] or "")
