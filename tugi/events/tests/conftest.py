"""The log's tests see only the probes: no other domain's facts, consumers, senders or tasks."""

from __future__ import annotations

from typing import Any

import pytest
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
