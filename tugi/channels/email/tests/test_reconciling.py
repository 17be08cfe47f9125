"""Folders of a real Dovecot compared with what we have."""

from __future__ import annotations

from collections.abc import Iterator
from imaplib import IMAP4
from unittest.mock import patch

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from tests.servers.dovecot import Dovecot
from tugi.channels.email.health import healths
from tugi.channels.email.imap import PATIENCE, fetch
from tugi.channels.email.models import (
    FolderReading,
    Mailbox,
    MailboxCursor,
    Outcome,
    Protocol,
    RawMail,
    Security,
    Start,
)
from tugi.channels.email.probes import mail as probe
from tugi.channels.email.reconciling import read_folders
from tugi.channels.email.testing import mail, make_mailbox
from tugi.core import clock
from tugi.people.testing import make_department

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def users(dovecot: Dovecot) -> Iterator[str]:
    """Names of accounts."""
    names = [f"compared{number}" for number in range(9)]
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


def test_a_folder_that_is_gone_from_its_server_keeps_nothing_from_the_others(mailbox: Mailbox) -> None:
    fetch(mailbox)
    MailboxCursor.objects.create(mailbox=mailbox, folder="Gone", uidvalidity=1)
    mailbox.imap_folders = "Gone\nINBOX"
    MailboxCursor.objects.filter(folder="INBOX").update(id=10_000_000)
    put(mailbox, mail())
    assert reading_of(mailbox) == (1, 1, 0, 0)


@pytest.mark.parametrize(("what", "compared"), [("BODY.PEEK[]", 3), ("BODY.PEEK[", 2)])
def test_a_mail_that_its_server_does_not_hand_over_is_not_missing(mailbox: Mailbox, what: str, compared: int) -> None:
    fetch(mailbox)
    read_folders(mailbox)
    put(mailbox, mail(), mail(), mail())
    mailbox.failures = PATIENCE
    real = IMAPClient.fetch

    def failing(client: IMAPClient, uids: list[int], asked: list[str], *more: object) -> object:
        if 2 in uids and asked[0].startswith(what):
            raise IMAPClientError("FETCH failed: [SERVERBUG] Internal error")
        return real(client, uids, asked, *more)

    with patch.object(IMAPClient, "fetch", failing):
        fetch(mailbox)
        assert reading_of(mailbox) == (3, 0, compared, 0)
    assert RawMail.objects.filter(outcome=Outcome.NOT_GIVEN).count() == 1


def test_what_is_no_longer_fetched_is_no_longer_told(mailbox: Mailbox) -> None:
    FolderReading.objects.create(
        mailbox=mailbox, folder="INBOX", uidvalidity=1, begin_uid=0, newest_uid=1, taken_uid=1, on_server=1, waiting=0,
        compared=1, missing=1, read_at=clock.now(),
    )  # fmt: skip
    assert told(mailbox) == (1, 1)
    mailbox.imap_folders = "Help"
    assert told(mailbox) == (0, 0)
    mailbox.imap_folders, mailbox.fetch_protocol = "INBOX", Protocol.POP3
    assert told(mailbox) == (0, 0)


def told(mailbox: Mailbox) -> tuple[int, int]:
    """What is missing as the page of health and as the doctor say it."""
    mailbox.save()
    return healths([mailbox])[0].missing, len([each for each in probe() if each.state == "red"])
