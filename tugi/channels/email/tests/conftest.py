from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from pytest_django import Settings

from tests.servers.dovecot import Dovecot
from tests.servers.identity_provider import IdentityProvider
from tests.servers.imap_user import ImapUser
from tugi.channels.email.models import Mailbox, Security, SignIn, Start
from tugi.channels.email.testing import make_mailbox
from tugi.channels.email.tests.connecting import connect
from tugi.people.testing import make_department

_numbers = count(1)


@pytest.fixture
def imap_user(dovecot: Dovecot) -> Iterator[ImapUser]:
    """An empty account of its own."""
    user = ImapUser(dovecot, f"person{next(_numbers)}")
    dovecot.add_user(user.name, user.password)
    yield user


@pytest.fixture
def fetched_mailbox(imap_user: ImapUser) -> Mailbox:
    """A mailbox of the desk that fetches everything from that account."""
    return make_mailbox(
        make_department("North"),
        imap_on=True,
        imap_start=Start.ALL,
        imap_host=imap_user.server.host,
        imap_port=imap_user.server.port,
        imap_security=Security.PLAIN,
        imap_username=imap_user.name,
        imap_password=imap_user.password,
    )


@pytest.fixture
def unconnected(
    fetched_mailbox: Mailbox, imap_user: ImapUser, identity_provider: IdentityProvider, settings: Settings
) -> Mailbox:
    """Signs in with the provider, and is not connected yet."""
    settings.OUTBOUND_ALLOW = (ipaddress.ip_network("127.0.0.1/32"),)
    identity_provider.user = imap_user.name
    told: dict[str, Any] = {
        "sign_in": SignIn.OTHER,
        "imap_password": "",
        "oauth_client_id": identity_provider.client_id,
        "oauth_client_secret": identity_provider.client_secret,
        "oauth_authorise_url": f"{identity_provider.url}/authorize",
        "oauth_token_url": f"{identity_provider.url}/token",
        "oauth_scopes": "mail",
    }
    for name, value in told.items():
        setattr(fetched_mailbox, name, value)
    fetched_mailbox.save()
    return fetched_mailbox


@pytest.fixture
def connected(unconnected: Mailbox, identity_provider: IdentityProvider) -> Mailbox:
    connect(unconnected, identity_provider)
    return unconnected
