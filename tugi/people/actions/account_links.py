"""Links by which an agent chooses a password: for the first time, or after forgetting it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction

from tugi.core import clock, crypto
from tugi.core.errors import NotFound
from tugi.events import actors
from tugi.events.actors import Actor
from tugi.events.log import append
from tugi.people.actions.agents import change_password
from tugi.people.events import AccountLinkMade
from tugi.people.models import AccountLink, Agent

PURPOSE = "account-link"
FIRST_TIME = timedelta(days=3)
AGAIN = timedelta(hours=1)


@transaction.atomic
def make_account_link(agent_id: int, *, actor: Actor) -> str:
    """The key of a new link: three days for a first password, an hour for another one.

    Raises NotFound for an agent who may not sign in.
    """
    agent = Agent.objects.select_for_update().filter(id=agent_id, is_active=True).first()
    if agent is None:
        raise NotFound
    key, now = crypto.random_token(), clock.now()
    AccountLink.objects.filter(agent=agent).delete()
    AccountLink.objects.create(
        agent=agent,
        key_hash=crypto.token_hash(PURPOSE, key),
        created_at=now,
        expires_at=now + (AGAIN if agent.has_usable_password() else FIRST_TIME),
    )
    append(AccountLinkMade(agent_id=agent.pk), actor=actor)
    return key


def agent_behind(key: str) -> Agent | None:
    """Whose password this link sets now; None for an unknown, used or old one."""
    links = AccountLink.objects.select_related("agent").filter(
        key_hash=crypto.token_hash(PURPOSE, key), expires_at__gt=clock.now(), agent__is_active=True
    )
    link = links.first()
    return link.agent if link else None


def open_links(keys: Iterable[str]) -> bool:
    """Does any of these keys set a password now?"""
    hashes = [crypto.token_hash(PURPOSE, key) for key in keys]
    return AccountLink.objects.filter(key_hash__in=hashes, expires_at__gt=clock.now()).exists()


@transaction.atomic
def use_account_link(key: str, *, password: str) -> Agent:
    """Set the password and end the link. Raises NotFound for a dead link, WeakPassword."""
    agent = agent_behind(key)
    if agent is None:
        raise NotFound
    changed = change_password(agent.pk, password=password, actor=actors.agent(agent.pk))
    AccountLink.objects.filter(agent=agent).delete()
    return changed
