"""The roles that come with the desk."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tugi.people.models import Permission as P

ADMIN = "admin"
LEAD = "lead"
AGENT = "agent"
LIGHT_AGENT = "light_agent"

NAMES = {ADMIN: _("Admin"), LEAD: _("Lead"), AGENT: _("Agent"), LIGHT_AGENT: _("Light agent")}

_AGENT = [P.SEE_TICKETS, P.REPLY, P.NOTE, P.ASSIGN, P.EDIT, P.MOVE, P.MERGE, P.EDIT_CONTACTS]

BUILT_IN: dict[str, list[P]] = {
    ADMIN: list(P),
    LEAD: [*_AGENT, P.MANAGE_MAIL],
    AGENT: _AGENT,
    LIGHT_AGENT: [P.SEE_TICKETS, P.NOTE],
}
