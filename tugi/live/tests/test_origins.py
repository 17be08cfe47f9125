from __future__ import annotations

import pytest
from pytest_django import Settings

from tugi.live import origins


@pytest.mark.parametrize(
    ("origin", "host", "is_ours"),
    [
        ("https://desk.example", "desk.example", True),
        ("https://desk.example", "10.0.0.5:8000", True),
        ("https://127.0.0.1:8443", "127.0.0.1:8443", True),
        ("https://[::1]:8443", "[::1]:8443", True),
        ("http://desk.example", "desk.example", False),
        ("https://desk.example:444", "desk.example", False),
        ("https://evil.example", "evil.example", False),
        ("https://sub.desk.example", "sub.desk.example", False),
        ("https://sub.wide.example", "sub.wide.example", False),
        ("https://evil.example", "desk.example", False),
        ("null", "desk.example", False),
        ("", "", False),
        ("://", "", False),
        ("https://", "", False),
        ("https://[", "[", False),
    ],
)
def test_a_desk_behind_https(settings: Settings, origin: str, host: str, is_ours: bool) -> None:
    settings.PUBLIC_URL = "https://desk.example"
    settings.ALLOWED_HOSTS = ["desk.example", "127.0.0.1", "[::1]", ".wide.example"]

    assert origins.is_ours(origin, host) is is_ours


@pytest.mark.parametrize(
    ("origin", "host", "is_ours"),
    [
        ("http://localhost:8000", "localhost:8000", True),
        ("http://127.0.0.1:8000", "127.0.0.1:8000", True),
        ("http://127.0.0.1:8000", "localhost:8000", True),
        ("http://localhost:9000", "localhost:8000", False),
        ("http://evil.example:8000", "evil.example:8000", False),
    ],
)
def test_a_desk_on_this_machine(settings: Settings, origin: str, host: str, is_ours: bool) -> None:
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]

    assert origins.is_ours(origin, host) is is_ours
