"""PostgreSQL numbers tickets from a sequence; SQLite from the counter table."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def make_sequence(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("CREATE SEQUENCE IF NOT EXISTS tugi_ticket_number START 1001")


def drop_sequence(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP SEQUENCE IF EXISTS tugi_ticket_number")


class Migration(migrations.Migration):
    dependencies = [("core", "0001_desk_settings_and_counters")]

    operations = [migrations.RunPython(make_sequence, drop_sequence)]
