"""Folders of a real Dovecot compared with what we have."""

from __future__ import annotations

from collections.abc import Iterator
from imaplib import IMAP4

import pytest

from tests.servers.dovecot import Dovecot
from tugi.channels.email.imap import fetch
from tugi.channels.email.models import FolderReading, Mailbox, RawMail, Security, Start
from tugi.channels.email.probes import mail as probe
from tugi.channels.email.reconciling import read_folders
from tugi.channels.email.testing import mail, make_mailbox
from tugi.people.testing import make_department

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def users(dovecot: Dovecot) -> Iterator[str]:
    """Names of accounts."""
    names = [f"compared{number}" for number in range(5)]
    for name in names:
        dovecot.add_user(name, "right horse")
    return iter(names)


@pytest.fixture
def mailbox(dovecot: Dovecot, users: Iterator[str]) -> Mailbox:
    return make_mailbox(
        make_department("North"),
        imap_on=True,
        imap_start=Start.ALL,
        imap_host="127.0.0.1",
        imap_port=dovecot.port,
        imap_security=Security.PLAIN,
        imap_username=next(users),
        imap_password="right horse",
    )


def put(mailbox: Mailbox, *raws: bytes) -> None:
    with IMAP4("127.0.0.1", mailbox.imap_port) as client:
        client.login(mailbox.imap_username, mailbox.imap_password.reveal())
        for raw in raws:
            client.append("INBOX", "", "", raw)


def reading_of(mailbox: Mailbox) -> tuple[int, int, int, int]:
    read_folders(mailbox)
    reading = FolderReading.objects.get(mailbox=mailbox)
    return reading.on_server, reading.waiting, reading.compared, reading.missing


def test_what_lies_there_and_what_is_here_are_compared(mailbox: Mailbox) -> None:
    fetch(mailbox)
    assert reading_of(mailbox) == (0, 0, 0, 0)
    put(mailbox, mail(), mail(), b"Subject: without an id\r\n\r\nHello.\r\n")
    assert reading_of(mailbox) == (3, 3, 0, 0)
    fetch(mailbox)
    assert reading_of(mailbox) == (3, 0, 2, 0)


def test_a_mail_that_was_passed_over_is_missed_and_the_doctor_says_so(mailbox: Mailbox) -> None:
    fetch(mailbox)
    read_folders(mailbox)
    put(mailbox, mail(), mail())
    fetch(mailbox)
    row = RawMail.objects.first()
    assert row is not None
    row.delete()
    assert reading_of(mailbox) == (2, 0, 2, 1)
    assert [each.text for each in probe() if each.state == "red"] == [
        f"{mailbox.address}: of the newest 2 mails in “INBOX” 1 is not here."
    ]


def test_mails_from_before_the_first_look_are_nobodys_business(mailbox: Mailbox) -> None:
    put(mailbox, mail(), mail())
    fetch(mailbox)
    assert reading_of(mailbox) == (2, 0, 0, 0)
