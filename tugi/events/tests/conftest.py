"""The log's tests see only the probes: no other domain's facts, consumers, senders or tasks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.db import connection

from tugi.events import consumers, facts, fetchers, names, schedule, senders
from tugi.events.testing import let_flush_clear_the_log
from tugi.events.tests import probes

let_flush_clear_the_log()


@pytest.fixture(autouse=True)
def only_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (facts, consumers, senders, fetchers):
        monkeypatch.setattr(module, "_registry", {})
    monkeypatch.setattr(schedule, "_due", {})
    monkeypatch.setattr(schedule, "_recurring", {})
    monkeypatch.setattr(names, "_resolvers", {})
    probes.register()


@pytest.fixture(scope="session")
def parcels(django_db_setup: None, django_db_blocker: Any) -> None:
    """The table of the probes' work rows."""
    with django_db_blocker.unblock():
        if probes.Parcel._meta.db_table not in connection.introspection.table_names():
            with connection.schema_editor() as editor:
                editor.create_model(probes.Parcel)


@pytest.fixture
def clock_at() -> Iterator[time_machine.Coordinates]:
    """Time stands still until the test moves it."""
    start = datetime.fromisoformat("2026-11-23T09:00:00+00:00")
    with time_machine.travel(start, tick=False) as traveller:
        yield traveller
