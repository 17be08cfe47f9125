"""Owns agents, roles, departments, contacts, organisations, identities. Must not know tickets or channels."""
