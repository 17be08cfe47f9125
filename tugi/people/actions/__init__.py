"""Every way in which people change. Callers have checked access; invariants are kept here."""

from __future__ import annotations

from tugi.people.actions.account_links import make_account_link, open_links, use_account_link
from tugi.people.actions.agents import (
    add_agent,
    change_password,
    change_profile,
    deactivate_agent,
    grant_roles,
    reactivate_agent,
)
from tugi.people.actions.contacts import (
    add_contact,
    change_contact,
    find_contact,
    find_or_add_contact,
    mark_undeliverable,
)
from tugi.people.actions.departments import add_department, change_department
from tugi.people.actions.organisations import add_organisation

__all__ = [
    "add_agent",
    "add_contact",
    "add_department",
    "add_organisation",
    "change_contact",
    "change_department",
    "change_password",
    "change_profile",
    "deactivate_agent",
    "find_contact",
    "find_or_add_contact",
    "grant_roles",
    "make_account_link",
    "mark_undeliverable",
    "open_links",
    "reactivate_agent",
    "use_account_link",
]
