from __future__ import annotations

from tugi.people.models.account_links import AccountLink
from tugi.people.models.agents import Agent
from tugi.people.models.contact_words import ContactTypo, ContactWord
from tugi.people.models.contacts import Contact, Identity, IdentityKind, Organisation, OrganisationDomain
from tugi.people.models.departments import Department
from tugi.people.models.roles import Permission, Role, RoleGrant

__all__ = [
    "AccountLink",
    "Agent",
    "Contact",
    "ContactTypo",
    "ContactWord",
    "Department",
    "Identity",
    "IdentityKind",
    "Organisation",
    "OrganisationDomain",
    "Permission",
    "Role",
    "RoleGrant",
]
