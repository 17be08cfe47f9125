"""Where fetching begins, against a real Dovecot: from now on or from the start, and after a new UIDVALIDITY."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from imaplib import IMAP4, Time2Internaldate
from typing import Any
from unittest.mock import patch

import pytest

from tests.servers.dovecot import Dovecot
from tugi.channels.email import cursors
from tugi.channels.email.actions import accept_raw, change_mailbox
from tugi.channels.email.fetchers import fetch_one
from tugi.channels.email.models import Mailbox, MailboxCursor, RawMail, Security, Start
from tugi.channels.email.testing import mail, make_mailbox
from tugi.core import blobs, clock
from tugi.events import actors
from tugi.people.testing import make_department

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def users(dovecot: Dovecot) -> Iterator[str]:
    """Names of accounts."""
    names = [f"begun{number}" for number in range(10)]
    for name in names:
        dovecot.add_user(name, "right horse")
    return iter(names)


@pytest.fixture
def mailbox(dovecot: Dovecot, users: Iterator[str]) -> Mailbox:
    return make_mailbox(
        make_department("North"),
        imap_on=True,
        imap_host="127.0.0.1",
        imap_port=dovecot.port,
        imap_security=Security.PLAIN,
        imap_username=next(users),
        imap_password="right horse",
    )


def put(mailbox: Mailbox, subject: str, came_at: datetime | None = None) -> None:
    with IMAP4("127.0.0.1", mailbox.imap_port) as client:
        client.login(mailbox.imap_username, mailbox.imap_password.reveal())
        client.append("INBOX", "", Time2Internaldate(came_at) if came_at else "", mail(subject=subject))


def fetch(mailbox: Mailbox, *, broken_off: bool = False) -> None:
    stop = threading.Event()
    if broken_off:
        stop.set()
    mailbox.refresh_from_db()
    fetch_one(mailbox, stop)
    mailbox.refresh_from_db()
    assert mailbox.last_error == ""


def fetched() -> list[str]:
    rows = RawMail.objects.order_by("id")
    return [str(message_from_bytes(blobs.read(row.sha256))["Subject"]) for row in rows]


def test_a_new_mailbox_takes_what_comes_from_now_on(mailbox: Mailbox) -> None:
    put(mailbox, "Old")
    put(mailbox, "Older", clock.now() - timedelta(days=900))
    fetch(mailbox)
    put(mailbox, "New")
    fetch(mailbox)

    assert mailbox.imap_start == Start.NEW
    assert fetched() == ["New"]


def test_an_empty_folder_loses_nothing_of_what_comes_next(mailbox: Mailbox) -> None:
    fetch(mailbox)
    put(mailbox, "First")
    put(mailbox, "Second")
    fetch(mailbox)

    assert fetched() == ["First", "Second"]


def test_two_fetchers_that_open_a_folder_at_once_share_its_cursor(mailbox: Mailbox) -> None:
    first, second = (MailboxCursor(mailbox=mailbox, folder="INBOX", uidvalidity=7) for _ in range(2))

    assert cursors._made(first) == cursors._made(second)


def test_the_beginning_is_kept_even_if_the_first_fetch_is_broken_off(mailbox: Mailbox) -> None:
    put(mailbox, "Old")
    fetch(mailbox, broken_off=True)
    assert mailbox.last_fetched_at is None
    put(mailbox, "New")
    fetch(mailbox)

    assert fetched() == ["New"]


def test_who_asks_for_everything_gets_everything(mailbox: Mailbox) -> None:
    Mailbox.objects.update(imap_start=Start.ALL)
    put(mailbox, "Old", clock.now() - timedelta(days=900))
    put(mailbox, "New")
    fetch(mailbox)

    assert fetched() == ["Old", "New"]


def test_everything_can_be_asked_for_later_and_doubles_nothing(mailbox: Mailbox) -> None:
    put(mailbox, "Old")
    fetch(mailbox)
    put(mailbox, "New")
    fetch(mailbox)
    change_mailbox(mailbox.pk, imap_start=Start.ALL, actor=actors.system())
    fetch(mailbox)

    assert sorted(fetched()) == ["New", "Old"]


def test_everything_can_be_asked_for_while_a_fetch_is_running(mailbox: Mailbox) -> None:
    put(mailbox, "Old")
    fetch(mailbox)
    put(mailbox, "New")
    put(mailbox, "Newer")

    def accept(*words: Any, **more: Any) -> RawMail:
        if mailbox.imap_start != Start.ALL:
            mailbox.imap_start = change_mailbox(mailbox.pk, imap_start=Start.ALL, actor=actors.system()).imap_start
        return accept_raw(*words, **more)

    with patch("tugi.channels.email.imap.accept_raw", accept):
        fetch(mailbox)
    assert MailboxCursor.objects.get().last_uid == 0
    assert fetched() == ["New"]
    fetch(mailbox)

    assert sorted(fetched()) == ["New", "Newer", "Old"]


def test_a_folder_numbered_anew_is_read_from_the_time_of_its_first_opening(mailbox: Mailbox) -> None:
    now = clock.now()
    put(mailbox, "Before the desk", now - timedelta(days=30))
    put(mailbox, "The same day, before", now - timedelta(hours=8))
    fetch(mailbox)
    put(mailbox, "Taken", now - timedelta(hours=5, minutes=30))
    fetch(mailbox)
    put(mailbox, "While it was away", now - timedelta(hours=2))
    put(mailbox, "Just now")
    MailboxCursor.objects.update(uidvalidity=1, began_at=now - timedelta(hours=6))
    with patch("tugi.channels.email.imap.accept_raw", side_effect=accept_raw) as accepted:
        fetch(mailbox)
        fetch(mailbox)

    assert fetched() == ["Taken", "While it was away", "Just now"]
    assert accepted.call_count == 2, "what was here already is not asked for again"


def test_a_folder_numbered_anew_without_new_mail_is_read_on_from_its_end(mailbox: Mailbox) -> None:
    put(mailbox, "Before the desk", clock.now() - timedelta(days=30))
    fetch(mailbox)
    MailboxCursor.objects.update(uidvalidity=1)
    fetch(mailbox)
    put(mailbox, "New")
    fetch(mailbox)

    assert fetched() == ["New"]
