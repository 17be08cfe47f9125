from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from tests.servers.dovecot import Dovecot
from tests.servers.imap_user import ImapUser
from tugi.channels.email.models import Mailbox, Security, Start
from tugi.channels.email.testing import make_mailbox
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
