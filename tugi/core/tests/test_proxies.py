from __future__ import annotations

from ipaddress import ip_network

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from tugi.core.middleware import ProxyMiddleware
from tugi.core.proxies import client_address

TRUSTED = (ip_network("127.0.0.1/32"), ip_network("10.0.0.0/8"))


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "client"),
    [
        ("203.0.113.5", "", "203.0.113.5"),
        ("203.0.113.5", "198.51.100.1", "203.0.113.5"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1, <script>", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "10.1.2.3", "127.0.0.1"),
        ("127.0.0.1", "::ffff:198.51.100.7", "198.51.100.7"),
        ("::ffff:127.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("unix", "198.51.100.1", "unix"),
    ],
)
def test_the_rightmost_address_that_is_not_ours_is_the_client(peer: str, forwarded_for: str, client: str) -> None:
    assert client_address(peer, forwarded_for, TRUSTED) == client


def passed(peer: str, **headers: str) -> HttpRequest:
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers)
    ProxyMiddleware(lambda request: HttpResponse())(request)
    return request


HEADERS = {"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil", "Remote-User": "ada"}


def test_nobody_but_a_trusted_proxy_speaks_for_others(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = TRUSTED

    request = passed("203.0.113.5", **HEADERS)

    assert request.META["REMOTE_ADDR"] == "203.0.113.5"
    assert not {name for name in request.META if name.startswith(("HTTP_X_", "HTTP_REMOTE"))}
    assert request.scheme == "http"


def test_a_trusted_proxy_tells_client_and_scheme_but_no_host_and_no_user(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = TRUSTED
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    request = passed("127.0.0.1", **HEADERS)

    assert request.META["REMOTE_ADDR"] == "6.6.6.6"
    assert request.scheme == "https"
    assert "evil" not in request.get_host()
    assert "HTTP_REMOTE_USER" not in request.META
