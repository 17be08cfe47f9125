"""What every test may ask for."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from django.conf import settings

pytest_plugins = ["tests.servers.fixtures"]


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
