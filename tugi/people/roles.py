"""The roles that come with the desk."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tugi.people.models import Permission

ADMIN = "admin"
LEAD = "lead"
AGENT = "agent"
LIGHT_AGENT = "light_agent"

NAMES = {ADMIN: _("Admin"), LEAD: _("Lead"), AGENT: _("Agent"), LIGHT_AGENT: _("Light agent")}

_AGENT = [
    Permission.SEE_TICKETS,
    Permission.REPLY,
    Permission.NOTE,
    Permission.ASSIGN,
    Permission.EDIT,
    Permission.MOVE,
    Permission.MERGE,
    Permission.EDIT_CONTACTS,
]

BUILT_IN: dict[str, list[Permission]] = {
    ADMIN: list(Permission),
    LEAD: [*_AGENT, Permission.MANAGE_MAIL],
    AGENT: _AGENT,
    LIGHT_AGENT: [Permission.SEE_TICKETS, Permission.NOTE],
}
