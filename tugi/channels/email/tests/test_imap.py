"""The fetcher against a real Dovecot."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from imaplib import IMAP4
from unittest.mock import patch

import pytest
from django.test import override_settings
from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError

from tests.servers.dovecot import Dovecot
from tests.servers.processes import free_port
from tugi.channels.email.actions import claim_mailbox
from tugi.channels.email.fetchers import fetch_one
from tugi.channels.email.imap import PATIENCE
from tugi.channels.email.models import Mailbox, MailboxCursor, Outcome, RawMail, Security, Start
from tugi.channels.email.testing import mail, make_mailbox
from tugi.core import blobs, clock
from tugi.core.reasons import tell
from tugi.events.models import Event
from tugi.people.testing import make_department

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def users(dovecot: Dovecot) -> Iterator[str]:
    """Names of accounts."""
    names = [f"fetched{number}" for number in range(40)]
    for name in names:
        dovecot.add_user(name, "right horse")
    return iter(names)


@pytest.fixture
def mailbox(dovecot: Dovecot, users: Iterator[str]) -> Mailbox:
    user = next(users)
    return make_mailbox(
        make_department("North"),
        imap_on=True,
        imap_start=Start.ALL,
        imap_host="127.0.0.1",
        imap_port=dovecot.port,
        imap_security=Security.PLAIN,
        imap_username=user,
        imap_password="right horse",
    )


def put(mailbox: Mailbox, raw: bytes, *, flags: str = "") -> None:
    with IMAP4("127.0.0.1", mailbox.imap_port) as client:
        client.login(mailbox.imap_username, mailbox.imap_password.reveal())
        client.append("INBOX", flags, "", raw)


def fetch(mailbox: Mailbox) -> None:
    mailbox.refresh_from_db()
    fetch_one(mailbox, _never())
    mailbox.refresh_from_db()


def test_new_mail_is_kept_byte_for_byte_and_once(mailbox: Mailbox) -> None:
    first, second = mail(), mail()
    put(mailbox, first)
    fetch(mailbox)
    put(mailbox, second)
    fetch(mailbox)
    fetch(mailbox)
    assert [blobs.read(row.sha256) for row in RawMail.objects.order_by("id")] == [first, second]
    assert mailbox.last_fetched_at is not None
    assert MailboxCursor.objects.get().last_uid == 2


def test_mail_that_a_person_has_read_is_fetched_too_and_no_flag_is_touched(mailbox: Mailbox) -> None:
    put(mailbox, mail(), flags="(\\Seen)")
    put(mailbox, mail())
    fetch(mailbox)
    assert RawMail.objects.count() == 2
    with IMAP4("127.0.0.1", mailbox.imap_port) as client:
        client.login(mailbox.imap_username, "right horse")
        client.select("INBOX", readonly=True)
        assert client.search(None, "UNSEEN")[1] == [b"2"]


def test_a_new_uidvalidity_reads_all_again_and_doubles_nothing(mailbox: Mailbox) -> None:
    put(mailbox, mail())
    fetch(mailbox)
    MailboxCursor.objects.update(uidvalidity=1)
    fetch(mailbox)
    assert RawMail.objects.count() == 1
    assert MailboxCursor.objects.count() == 2


def test_a_crash_before_the_cursor_moves_fetches_again_and_doubles_nothing(mailbox: Mailbox) -> None:
    fetch(mailbox)
    put(mailbox, mail())
    crash = patch("tugi.channels.email.imap._advance", side_effect=KeyboardInterrupt)
    with crash, pytest.raises(KeyboardInterrupt):
        fetch_one(mailbox, _never())
    assert RawMail.objects.count() == 1
    fetch(mailbox)
    assert RawMail.objects.count() == 1


def test_a_mail_that_cannot_be_kept_leaves_the_cursor_before_it(mailbox: Mailbox) -> None:
    put(mailbox, mail())
    put(mailbox, mail())
    with patch("tugi.channels.email.imap.accept_raw", side_effect=[OSError(28, "No space left on device")]):
        fetch(mailbox)
    assert mailbox.failures == 1
    assert not RawMail.objects.exists()
    fetch(mailbox)
    assert RawMail.objects.count() == 2


def test_a_large_mail_comes_in_pieces(mailbox: Mailbox) -> None:
    raw = mail("x" * 70 + "\n" + "Zeile mit Text.\n" * 200_000)
    put(mailbox, raw)
    fetch(mailbox)
    assert blobs.read(RawMail.objects.get().sha256) == raw


@pytest.mark.parametrize("told", [0, 1_100_000])
def test_a_size_that_the_server_tells_wrong_cuts_no_mail_off(mailbox: Mailbox, told: int) -> None:
    raw = mail("Zeile mit Text.\n" * 200_000)
    put(mailbox, raw)
    with patch("tugi.channels.email.imap._batches", return_value=[[(1, told)]]):
        fetch(mailbox)
    assert blobs.read(RawMail.objects.get().sha256) == raw


@override_settings(MAX_MAIL_BYTES=10_000)
def test_a_mail_over_the_limit_is_shown_and_not_dropped(mailbox: Mailbox) -> None:
    put(mailbox, mail("Too much.\n" * 5_000, subject="Huge"))
    put(mailbox, mail())
    fetch(mailbox)
    huge, small = RawMail.objects.order_by("id")
    assert huge.outcome == Outcome.TOO_LARGE
    assert huge.state == RawMail.State.FAILED
    assert b"Subject: Huge" in blobs.read(huge.sha256)
    assert "still in its folder" in tell(huge.last_error)
    assert small.outcome == ""


def test_a_mail_that_its_server_fails_over_holds_the_others_up_for_a_while_only(mailbox: Mailbox) -> None:
    for subject in ("First", "Poison", "Third"):
        put(mailbox, mail(subject=subject))
    real = IMAPClient.fetch

    def failing(client: IMAPClient, uids: list[int], what: list[str], *more: object) -> object:
        if 2 in uids and "BODY" in what[0]:
            raise IMAPClientError("FETCH failed: [SERVERBUG] Internal error")
        return real(client, uids, what, *more)

    with patch.object(IMAPClient, "fetch", failing):
        for _fetch in range(PATIENCE):
            fetch(mailbox)
            assert RawMail.objects.count() == 1
            assert "SERVERBUG" in mailbox.trouble
        fetch(mailbox)

    assert mailbox.trouble == ""
    assert [row.outcome for row in RawMail.objects.order_by("id")] == ["", Outcome.NOT_GIVEN, ""]
    assert "still in “INBOX”" in tell(RawMail.objects.get(outcome=Outcome.NOT_GIVEN).last_error)


def test_a_wrong_password_is_said_plainly_and_not_tried_again_for_five_minutes(mailbox: Mailbox) -> None:
    mailbox.imap_password = "wrong"
    mailbox.save()
    fetch(mailbox)
    assert "refused the user name or the password" in mailbox.trouble
    assert mailbox.retry_at is not None
    assert mailbox.retry_at > clock.now() + timedelta(minutes=4.5)
    assert claim_mailbox() is None
    assert Event.objects.filter(kind="mailbox.failed").count() == 1


def test_an_unreachable_server_is_said_plainly_and_recovery_too(mailbox: Mailbox) -> None:
    port, mailbox.imap_port = mailbox.imap_port, free_port()
    mailbox.save()
    fetch(mailbox)
    assert mailbox.trouble == f"Nothing answers at 127.0.0.1, port {mailbox.imap_port}."
    Mailbox.objects.update(imap_port=port)
    fetch(mailbox)
    assert (mailbox.last_error, mailbox.failures) == ("", 0)
    assert Event.objects.filter(kind="mailbox.recovered").count() == 1


def test_without_starttls_no_password_is_sent(mailbox: Mailbox) -> None:
    mailbox.imap_security = Security.STARTTLS
    mailbox.save()
    with patch("imapclient.IMAPClient.login") as login:
        fetch(mailbox)
    assert not login.called
    assert "offers no STARTTLS" in mailbox.trouble


def test_a_plain_line_leaves_this_machine_never(mailbox: Mailbox) -> None:
    mailbox.imap_host = "imap.elsewhere.example"
    mailbox.save()
    with patch("socket.create_connection") as connect:
        fetch(mailbox)
    assert not connect.called
    assert "Without encryption" in mailbox.trouble


def test_a_server_that_speaks_no_imap_is_an_error_not_a_crash(mailbox: Mailbox) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mailbox.imap_port = silent.getsockname()[1]
        mailbox.save()
        silent.settimeout(5)
        with patch("tugi.channels.email.imap_sessions.TIMEOUT", SocketTimeout(connect=1, read=1)):
            fetch(mailbox)
    assert mailbox.failures == 1
    assert mailbox.last_error


def test_a_missing_folder_is_named(mailbox: Mailbox) -> None:
    mailbox.imap_folders = "Tickets"
    mailbox.save()
    fetch(mailbox)
    assert mailbox.trouble == "There is no folder “Tickets”."


def test_two_workers_never_hold_one_mailbox(mailbox: Mailbox) -> None:
    held = claim_mailbox()
    assert held == mailbox
    assert claim_mailbox() is None


def _never() -> threading.Event:
    return threading.Event()
