"""A password that was typed into a mailbox's form, kept over to the next look at it without being shown.

It travels in the page, closed with the installation's key, for half an hour, and opens only for the agent who typed it,
in the form of the same mailbox.
"""

from __future__ import annotations

import json
from datetime import timedelta

from tugi.core import clock, crypto

KEPT_FOR = timedelta(minutes=30)


def keep(password: str, *, kind: str, agent_id: int, mailbox_id: int | None) -> str:
    """What the form carries instead of the password; `kind` is imap or smtp."""
    until = (clock.now() + KEPT_FOR).timestamp()
    return crypto.encrypt(_purpose(kind), json.dumps([agent_id, mailbox_id, until, password]))


def kept(token: str, *, kind: str, agent_id: int, mailbox_id: int | None) -> str | None:
    """The password that `keep` closed; None if it is too old, or is not this agent's for this mailbox."""
    try:
        agent, mailbox, until, password = json.loads(crypto.decrypt_text(_purpose(kind), token))
    except crypto.CryptoError:
        return None
    is_ours = (agent, mailbox) == (agent_id, mailbox_id) and clock.now().timestamp() < until
    return str(password) if is_ours else None


def _purpose(kind: str) -> str:
    return f"mailbox.typed-{kind}-password"
