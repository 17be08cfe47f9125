"""Bring the desk's built-in statuses, one for each category."""

from __future__ import annotations

from django.db import migrations

_STATUSES = [
    ("New", "new"),
    ("Open", "open"),
    ("Waiting for the customer", "pending"),
    ("On hold", "on_hold"),
    ("Resolved", "resolved"),
    ("Closed", "closed"),
]


def add(apps, schema_editor):
    status = apps.get_model("tickets", "Status")
    for position, (name, category) in enumerate(_STATUSES):
        status.objects.get_or_create(
            name=name, defaults={"category": category, "position": position, "is_built_in": True}
        )


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
