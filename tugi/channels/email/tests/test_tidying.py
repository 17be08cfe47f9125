"""What becomes of mail on its server once it is taken, at a real Dovecot."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from django.test import override_settings
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from tests.servers.imap_user import ImapUser
from tugi.channels.email.actions import change_mailbox
from tugi.channels.email.checking import check_mailbox
from tugi.channels.email.fetchers import fetch_one
from tugi.channels.email.models import Afterwards, Mailbox, MailboxCursor, RawMail, TakenMail
from tugi.channels.email.testing import mail
from tugi.channels.email.tidying import tidy as real_tidy
from tugi.events import actors

pytestmark = pytest.mark.django_db
real_has_capability = IMAPClient.has_capability


def fetch(mailbox: Mailbox) -> None:
    mailbox.refresh_from_db()
    fetch_one(mailbox, threading.Event())
    mailbox.refresh_from_db()


@contextmanager
def without(*capabilities: str) -> Iterator[None]:
    """As a server that offers less."""

    def has(client: IMAPClient, name: str) -> bool:
        return name not in capabilities and bool(real_has_capability(client, name))

    with patch.object(IMAPClient, "has_capability", has):
        yield


@pytest.fixture
def moving(fetched_mailbox: Mailbox) -> Mailbox:
    Mailbox.objects.update(imap_afterwards=Afterwards.MOVE, imap_move_to="Done")
    return fetched_mailbox


@pytest.fixture
def deleting(fetched_mailbox: Mailbox) -> Mailbox:
    Mailbox.objects.update(imap_afterwards=Afterwards.DELETE)
    return fetched_mailbox


def test_taken_mail_stays_where_it_is_unless_told_otherwise(fetched_mailbox: Mailbox, imap_user: ImapUser) -> None:
    imap_user.put(mail(), mail())
    fetch(fetched_mailbox)

    assert len(imap_user.find()) == 2
    assert not TakenMail.objects.exists()


@pytest.mark.parametrize("lacking", [(), ("MOVE",), ("MOVE", "UIDPLUS")])
def test_taken_mail_is_moved_into_a_folder_that_is_made_for_it(
    moving: Mailbox, imap_user: ImapUser, lacking: tuple[str, ...]
) -> None:
    imap_user.put(mail(), mail())
    with without(*lacking):
        fetch(moving)

    assert moving.trouble == ""
    assert RawMail.objects.count() == 2
    assert imap_user.find(criteria="UNDELETED") == []
    assert len(imap_user.find("Done")) == 2
    assert not TakenMail.objects.exists()


@pytest.mark.parametrize("lacking", [(), ("UIDPLUS",)])
def test_taken_mail_is_deleted_and_what_others_marked_is_not(
    deleting: Mailbox, imap_user: ImapUser, lacking: tuple[str, ...]
) -> None:
    imap_user.put(mail())
    fetch(deleting)
    Mailbox.objects.update(imap_afterwards=Afterwards.KEEP)
    imap_user.put(mail())
    fetch(deleting)
    [kept] = imap_user.find()
    imap_user.mark([kept], "\\Deleted")
    Mailbox.objects.update(imap_afterwards=Afterwards.DELETE)
    imap_user.put(mail())
    with without(*lacking):
        fetch(deleting)

    assert RawMail.objects.count() == 3
    assert kept in imap_user.find()
    assert imap_user.find(criteria="UNDELETED") == []
    assert imap_user.find() == ([kept] if not lacking else [kept, kept + 1])


def test_a_mail_that_came_meanwhile_is_neither_deleted_nor_missed(deleting: Mailbox, imap_user: ImapUser) -> None:
    imap_user.put(mail())

    def tidy(*words: object, **more: object) -> None:
        imap_user.put(mail())
        real_tidy(*words, **more)  # type: ignore[arg-type]

    with patch("tugi.channels.email.imap.tidy", tidy):
        fetch(deleting)
    assert (RawMail.objects.count(), imap_user.find()) == (1, [2])
    fetch(deleting)
    assert (RawMail.objects.count(), imap_user.find()) == (2, [])


def test_nothing_is_deleted_that_could_not_be_kept(deleting: Mailbox, imap_user: ImapUser) -> None:
    imap_user.put(mail(), mail())
    with patch("tugi.channels.email.imap.accept_raw", side_effect=OSError(28, "No space left on device")):
        fetch(deleting)

    assert len(imap_user.find()) == 2
    assert not RawMail.objects.exists()


@pytest.mark.parametrize("where", ["imap.tidy", "tidying._delete"])
def test_after_a_crash_between_keeping_and_deleting_it_is_deleted(
    deleting: Mailbox, imap_user: ImapUser, where: str
) -> None:
    imap_user.put(mail(), mail())
    with patch(f"tugi.channels.email.{where}", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        fetch_one(Mailbox.objects.get(), threading.Event())
    assert TakenMail.objects.count() == 2
    fetch(deleting)

    assert RawMail.objects.count() == 2
    assert imap_user.find() == []
    assert not TakenMail.objects.exists()


def test_after_a_crash_behind_the_servers_answer_it_is_no_error_that_they_are_gone(
    moving: Mailbox, imap_user: ImapUser
) -> None:
    imap_user.put(mail())
    fetch(moving)
    TakenMail.objects.create(cursor=MailboxCursor.objects.get(), uid=1)
    fetch(moving)

    assert moving.trouble == ""
    assert len(imap_user.find("Done")) == 1
    assert not TakenMail.objects.exists()


def test_a_refused_move_is_told_and_stops_no_mail_from_coming_in(moving: Mailbox, imap_user: ImapUser) -> None:
    imap_user.put(mail())
    with patch.object(IMAPClient, "move", side_effect=IMAPClientError("NO [OVERQUOTA] Quota exceeded")):
        fetch(moving)
        imap_user.put(mail())
        fetch(moving)
    assert RawMail.objects.count() == 2
    assert "could not" not in moving.trouble
    assert "“Done”" in moving.trouble
    assert "Quota exceeded" in moving.trouble
    Mailbox.objects.update(retry_at=None)
    fetch(moving)

    assert moving.trouble == ""
    assert len(imap_user.find("Done")) == 2


@override_settings(MAX_MAIL_BYTES=10_000)
def test_a_mail_of_which_only_the_header_is_here_stays_there(deleting: Mailbox, imap_user: ImapUser) -> None:
    imap_user.put(mail("Too much.\n" * 5_000), mail())
    fetch(deleting)

    assert RawMail.objects.count() == 2
    assert imap_user.find() == [1]


def test_who_now_wants_it_kept_has_it_kept_even_if_its_turn_had_come(deleting: Mailbox, imap_user: ImapUser) -> None:
    imap_user.put(mail())
    with patch("tugi.channels.email.imap.tidy", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        fetch_one(Mailbox.objects.get(), threading.Event())
    change_mailbox(deleting.pk, imap_afterwards=Afterwards.KEEP, actor=actors.system())
    fetch(deleting)

    assert imap_user.find() == [1]
    assert not TakenMail.objects.exists()


def test_old_numbers_delete_nothing_in_a_folder_that_was_numbered_anew(deleting: Mailbox, imap_user: ImapUser) -> None:
    imap_user.put(mail())
    with patch("tugi.channels.email.imap.tidy", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        fetch_one(Mailbox.objects.get(), threading.Event())
    MailboxCursor.objects.update(uidvalidity=1)
    imap_user.put(mail())
    fetch(deleting)

    assert RawMail.objects.count() == 2
    assert imap_user.find() == [1], "the first was taken under numbers that mean nothing now"


def test_the_test_button_says_what_this_server_cannot_do(moving: Mailbox) -> None:
    moving.refresh_from_db()
    with without("MOVE", "UIDPLUS"):
        texts = [result.text for result in check_mailbox(moving)]

    assert any("It will be made" in text for text in texts)
    assert any("only marked as deleted" in text for text in texts)
