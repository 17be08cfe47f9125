from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from tugi.serve import schema
from tugi.serve.refusal import StartRefused

pytestmark = pytest.mark.django_db


def test_a_database_of_this_version_is_served() -> None:
    schema.refuse_unmigrated()


def test_a_migration_that_is_not_known_here_is_refused() -> None:
    MigrationRecorder(connection).record_applied("tickets", "9999_from_the_future")

    with pytest.raises(StartRefused, match=r"newer Tugi.*tickets\.9999_from_the_future"):
        schema.refuse_newer(MigrationExecutor(connection))


def test_migrations_of_an_app_that_is_gone_do_not_matter() -> None:
    MigrationRecorder(connection).record_applied("removed_app", "0001_initial")

    schema.refuse_newer(MigrationExecutor(connection))


def test_a_missing_migration_is_named() -> None:
    recorder = MigrationRecorder(connection)
    leaf = MigrationExecutor(connection).loader.graph.leaf_nodes("core")[0]
    recorder.record_unapplied(*leaf)

    with pytest.raises(StartRefused, match=leaf[1]):
        schema.refuse_unmigrated()
