"""Several folders of one mailbox, at a real Dovecot."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from tests.servers.imap_user import ImapUser
from tugi.channels.email.checking import check_mailbox
from tugi.channels.email.fetchers import fetch_one
from tugi.channels.email.models import Mailbox, MailboxCursor, RawMail, Start
from tugi.channels.email.testing import mail
from tugi.core import clock
from tugi.events.models import Event

pytestmark = pytest.mark.django_db


def fetch(mailbox: Mailbox) -> None:
    mailbox.refresh_from_db()
    fetch_one(mailbox, threading.Event())
    mailbox.refresh_from_db()


@pytest.fixture
def mailbox(fetched_mailbox: Mailbox, imap_user: ImapUser) -> Mailbox:
    """Reads INBOX, Orders and Päringud."""
    imap_user.make("Orders", "P&AOQ-ringud")
    fetched_mailbox.imap_folders = "INBOX\nOrders\nPäringud"
    fetched_mailbox.save()
    return fetched_mailbox


def test_each_folder_is_read_with_a_cursor_of_its_own(mailbox: Mailbox, imap_user: ImapUser) -> None:
    imap_user.put(mail(), mail())
    imap_user.put(mail(), folder="Orders")
    fetch(mailbox)
    imap_user.put(mail(), folder="P&AOQ-ringud")
    fetch(mailbox)

    assert RawMail.objects.count() == 4
    cursors = MailboxCursor.objects.values_list("folder", "last_uid")
    assert set(cursors) == {("INBOX", 2), ("Orders", 1), ("Päringud", 1)}


def test_a_missing_folder_is_named_and_stops_no_other(mailbox: Mailbox, imap_user: ImapUser) -> None:
    Mailbox.objects.update(imap_folders="INBOX\nGone\nOrders")
    imap_user.put(mail())
    imap_user.put(mail(), folder="Orders")
    fetch(mailbox)
    imap_user.put(mail(), folder="Orders")
    fetch(mailbox)

    assert RawMail.objects.count() == 3
    assert mailbox.trouble == "There is no folder “Gone”."
    assert mailbox.retry_at is not None
    assert mailbox.retry_at < clock.now() + timedelta(seconds=30), "the others are looked into as often as ever"
    assert Event.objects.filter(kind="mailbox.failed").count() == 1


def test_a_folder_that_is_found_again_is_well_again(mailbox: Mailbox, imap_user: ImapUser) -> None:
    Mailbox.objects.update(imap_folders="INBOX\nLate")
    fetch(mailbox)
    imap_user.make("Late")
    fetch(mailbox)

    assert mailbox.trouble == ""
    assert Event.objects.filter(kind="mailbox.recovered").count() == 1


def test_a_folder_added_later_brings_in_what_is_new_from_then_on(mailbox: Mailbox, imap_user: ImapUser) -> None:
    Mailbox.objects.update(imap_folders="INBOX", imap_start=Start.NEW)
    imap_user.put(mail(subject="Old"), folder="Orders")
    fetch(mailbox)
    Mailbox.objects.update(imap_folders="INBOX\nOrders")
    fetch(mailbox)
    imap_user.put(mail(), folder="Orders")
    fetch(mailbox)

    assert RawMail.objects.count() == 1


def test_the_test_button_says_it_of_each_folder(mailbox: Mailbox, imap_user: ImapUser) -> None:
    imap_user.put(mail(), folder="Orders")
    mailbox.imap_folders = "Orders\nGone"

    first, second = check_mailbox(mailbox)[:2]
    assert (first.works, first.text) == (True, "Receiving works. There are 1 mails in “Orders”.")
    assert (second.works, second.text) == (False, "Receiving does not work. There is no folder “Gone”.")
