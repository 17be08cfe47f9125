"""What every test may ask for."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from django.conf import settings

pytest_plugins = ["tests.servers.fixtures"]
WITH_A_DESK_OF_THEIR_OWN = ("tests.e2e.", "tests.security.test_b1", "tests.security.test_b3", "tests.stories.test_live")
"""Modules whose tests share a desk or a browser, which takes long to start: each stays in one process."""

KNOW_NO_DATABASE = (
    "tugi.channels.email.tests.parsing.",
    "tugi.channels.email.tests.receiving.",
    "tugi.channels.email.tests.test_verification",
    "tugi.channels.email.tests.protection.",
    "tugi.core.tests.test_html",
    *(
        f"tests.house.test_{rule}"
        for rule in ("catalogues", "changes", "docs", "imports", "markup", "reasons", "sizes")
    ),
)
"""Modules that say the same on either engine, and are asked on one."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        name = getattr(getattr(item, "module", None), "__name__", "")
        if name.startswith(KNOW_NO_DATABASE):
            item.add_marker(pytest.mark.once)
        if name.startswith(WITH_A_DESK_OF_THEIR_OWN):
            item.add_marker(pytest.mark.xdist_group(name))


def pytest_collection_finish(session: pytest.Session) -> None:
    """What groups tests must have seen the marks: it says nothing where it understands pytest no longer."""
    if session.config.getoption("loadgroup", default=False):
        marked = (item for item in session.items if item.get_closest_marker("xdist_group"))
        alone = [item.nodeid for item in marked if "@" not in item.nodeid]
        assert not alone, f"pytest-xdist does not keep these in one process: {alone[:3]}"


def pytest_unconfigure() -> None:
    """Processes of xdist end without `atexit`: the throw-away data goes here."""
    shutil.rmtree(settings.DATA_DIR, ignore_errors=True)


@pytest.fixture
def travel() -> Iterator[time_machine.Traveller]:
    """A clock that stands still: `travel.move_to(…)`, `travel.shift(60)` (seconds)."""
    with time_machine.travel(datetime.fromisoformat("2026-11-23T09:00:00+00:00"), tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="session", autouse=True)
def _flushable_log() -> None:
    """Tests with transactions of their own empty the log afterwards; nothing else ever may."""
    from tugi.events.testing import let_flush_clear_the_log

    let_flush_clear_the_log()
