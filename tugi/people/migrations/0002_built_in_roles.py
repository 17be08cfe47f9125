"""Bring the desk's built-in roles; the permission words are fixed here as they were then."""

from __future__ import annotations

from django.db import migrations

_AGENT = [
    "ticket.see",
    "ticket.reply",
    "ticket.note",
    "ticket.assign",
    "ticket.edit",
    "ticket.move",
    "ticket.merge",
    "contact.edit",
]
_ROLES = [
    ("admin", "Admin", [*_AGENT, "mail.manage", "people.manage", "desk.manage"]),
    ("lead", "Lead", [*_AGENT, "mail.manage"]),
    ("agent", "Agent", _AGENT),
    ("light_agent", "Light agent", ["ticket.see", "ticket.note"]),
]


def add(apps, schema_editor):
    role = apps.get_model("people", "Role")
    for slug, name, permissions in _ROLES:
        role.objects.get_or_create(
            slug=slug, defaults={"name": name, "permissions": permissions, "is_built_in": True}
        )


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
