"""Fetching by POP3 from a real Dovecot."""

from __future__ import annotations

import poplib
import socket
import threading
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test import override_settings

from tests.servers.imap_user import ImapUser
from tests.servers.processes import free_port
from tugi.channels.email.actions import change_mailbox
from tugi.channels.email.checking import check_mailbox
from tugi.channels.email.fetchers import fetch_one
from tugi.channels.email.models import Afterwards, Mailbox, Outcome, PopMail, Protocol, RawMail, Security, Start, Via
from tugi.channels.email.pop3_sessions import Pop3
from tugi.channels.email.testing import mail
from tugi.core import blobs, clock
from tugi.events import actors

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(fetched_mailbox: Mailbox, imap_user: ImapUser) -> Mailbox:
    if not imap_user.server.has_pop3:
        pytest.skip("Dovecot has no POP3: apt-get install dovecot-pop3d")
    fetched_mailbox.fetch_protocol = Protocol.POP3
    fetched_mailbox.imap_port = imap_user.server.pop3_port
    fetched_mailbox.save()
    return fetched_mailbox


@pytest.fixture
def deleting(mailbox: Mailbox) -> Mailbox:
    mailbox.imap_afterwards = Afterwards.DELETE
    mailbox.save()
    return mailbox


def fetch(mailbox: Mailbox) -> None:
    mailbox.refresh_from_db()
    fetch_one(mailbox, threading.Event())
    mailbox.refresh_from_db()


def test_new_mail_is_kept_byte_for_byte_and_once(mailbox: Mailbox, imap_user: ImapUser) -> None:
    odd = b"Subject: Odd\r\n\r\n.\r\n..dots\r\n" + b"long" * 50_000 + b"\r\n." + b"x" * 70_000 + b"\r\n\xff\x00\r\n"
    first, second = mail(), mail()
    imap_user.put(first, odd)
    fetch(mailbox)
    imap_user.put(second)
    fetch(mailbox)
    fetch(mailbox)

    assert mailbox.trouble == ""
    assert [blobs.read(row.sha256) for row in RawMail.objects.order_by("id")] == [first, odd, second]
    assert {row.via for row in RawMail.objects.all()} == {Via.POP3}
    assert len(imap_user.find()) == 3


def test_a_new_mailbox_takes_what_comes_from_now_on(mailbox: Mailbox, imap_user: ImapUser) -> None:
    Mailbox.objects.update(imap_start=Start.NEW)
    imap_user.put(mail())
    fetch(mailbox)
    imap_user.put(mail())
    fetch(mailbox)
    assert RawMail.objects.count() == 1
    change_mailbox(mailbox.pk, imap_start=Start.ALL, actor=actors.system())
    fetch(mailbox)

    assert RawMail.objects.count() == 2


def test_a_mail_that_is_known_by_imap_comes_once(mailbox: Mailbox, imap_user: ImapUser) -> None:
    imap_user.put(mail())
    fetch(mailbox)
    Mailbox.objects.update(fetch_protocol=Protocol.IMAP, imap_port=imap_user.server.port)
    fetch(mailbox)

    assert mailbox.trouble == ""
    assert RawMail.objects.count() == 1


def test_taken_mail_is_deleted_and_nothing_else(deleting: Mailbox, imap_user: ImapUser) -> None:
    Mailbox.objects.update(imap_start=Start.NEW)
    imap_user.put(mail(subject="Old"))
    fetch(deleting)
    imap_user.put(mail(), mail())
    fetch(deleting)

    assert RawMail.objects.count() == 2
    assert imap_user.find() == [1]
    assert PopMail.objects.count() == 1


@override_settings(MAX_MAIL_BYTES=10_000)
def test_a_mail_of_which_only_the_header_is_here_stays_there(deleting: Mailbox, imap_user: ImapUser) -> None:
    imap_user.put(mail("Too much.\n" * 5_000, subject="Huge"), mail())
    fetch(deleting)
    fetch(deleting)
    huge, _small = RawMail.objects.order_by("id")

    assert huge.outcome == Outcome.TOO_LARGE
    assert b"Subject: Huge" in blobs.read(huge.sha256)
    assert imap_user.find() == [1]


@override_settings(MAX_MAIL_BYTES=10_000)
def test_a_size_that_the_server_tells_wrong_lets_nothing_larger_in(deleting: Mailbox, imap_user: ImapUser) -> None:
    imap_user.put(mail("Too much.\n" * 5_000), mail())
    with patch.object(Pop3, "sizes", return_value={1: 5, 2: 5}):
        fetch(deleting)

    assert [row.outcome for row in RawMail.objects.order_by("id")] == [Outcome.TOO_LARGE, ""]
    assert imap_user.find() == [1]


def test_nothing_is_deleted_that_could_not_be_kept(deleting: Mailbox, imap_user: ImapUser) -> None:
    imap_user.put(mail(), mail())
    with patch("tugi.channels.email.pop3.accept_raw", side_effect=OSError(28, "No space left on device")):
        fetch(deleting)
    assert (len(imap_user.find()), RawMail.objects.count()) == (2, 0)
    fetch(deleting)

    assert (len(imap_user.find()), RawMail.objects.count()) == (0, 2)


@pytest.mark.parametrize("where", ["pop3._note", "pop3._delete", "pop3_sessions.Pop3.quit"])
def test_after_a_crash_on_the_way_all_is_in_once_and_gone(deleting: Mailbox, imap_user: ImapUser, where: str) -> None:
    imap_user.put(mail(), mail())
    crash = patch(f"tugi.channels.email.{where}", side_effect=KeyboardInterrupt)
    with crash, pytest.raises(KeyboardInterrupt):
        fetch_one(Mailbox.objects.get(), threading.Event())
    assert len(imap_user.find()) == 2
    fetch(deleting)

    assert deleting.trouble == ""
    assert (len(imap_user.find()), RawMail.objects.count()) == (0, 2)
    assert not PopMail.objects.exists()


def test_who_now_wants_it_kept_has_it_kept(deleting: Mailbox, imap_user: ImapUser) -> None:
    imap_user.put(mail())
    with patch("tugi.channels.email.pop3._delete", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        fetch_one(Mailbox.objects.get(), threading.Event())
    Mailbox.objects.update(imap_afterwards=Afterwards.KEEP)
    fetch(deleting)

    assert len(imap_user.find()) == 1


def test_what_is_noted_is_bounded_by_what_lies_on_the_server(mailbox: Mailbox, imap_user: ImapUser) -> None:
    imap_user.put(mail(), mail(), mail())
    fetch(mailbox)
    with imap_user.session() as client:
        client.uid("STORE", "1:2", "+FLAGS", "\\Deleted")
        client.expunge()
    fetch(mailbox)
    assert PopMail.objects.exclude(missing_since=None).count() == 2
    PopMail.objects.exclude(missing_since=None).update(missing_since=clock.now() - timedelta(days=8))
    fetch(mailbox)

    assert PopMail.objects.count() == 1


def test_a_list_that_is_short_by_a_mishap_makes_nothing_new(mailbox: Mailbox, imap_user: ImapUser) -> None:
    Mailbox.objects.update(imap_start=Start.NEW)
    imap_user.put(mail(), mail())
    fetch(mailbox)
    with patch.object(Pop3, "unique_ids", return_value={}):
        fetch(mailbox)
    assert PopMail.objects.exclude(missing_since=None).count() == 2
    fetch(mailbox)

    assert not RawMail.objects.exists()
    assert not PopMail.objects.exclude(missing_since=None).exists()


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_the_line_is_made_private(
    mailbox: Mailbox, imap_user: ImapUser, security: Security, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.imap_security = security
    mailbox.imap_port = imap_user.server.pop3s_port if security == Security.TLS else imap_user.server.pop3_port
    [refused, _sending] = check_mailbox(mailbox)
    assert "cannot be trusted" in refused.text
    monkeypatch.setenv("SSL_CERT_FILE", str(imap_user.server.certificate))
    [works, _sending] = check_mailbox(mailbox)

    assert works.text == "Receiving works. There are 0 mails on the server."


def test_without_stls_no_password_is_sent(mailbox: Mailbox) -> None:
    mailbox.imap_security = Security.STARTTLS
    with patch.object(Pop3, "stls", side_effect=poplib.error_proto("-ERR no")), patch.object(Pop3, "pass_") as password:
        [refused, _sending] = check_mailbox(mailbox)
    assert "offers no STARTTLS (STLS)" in refused.text
    assert not password.called


def test_a_wrong_password_is_said_plainly_and_not_tried_again_for_five_minutes(mailbox: Mailbox) -> None:
    mailbox.imap_password = "wrong"
    mailbox.save()
    fetch(mailbox)

    assert "refused the user name or the password" in mailbox.trouble
    assert mailbox.retry_at is not None
    assert mailbox.retry_at > clock.now() + timedelta(minutes=4.5)


def test_a_user_name_cannot_be_a_command(mailbox: Mailbox) -> None:
    mailbox.imap_username = "x\r\nDELE 1"
    with patch.object(Pop3, "_putcmd") as said:
        [refused, _sending] = check_mailbox(mailbox)
    assert "refused the user name" in refused.text
    assert not [call for call in said.call_args_list if "DELE" in str(call)]


@pytest.mark.parametrize(
    ("answer", "told", "is_password"),
    [
        (b"-ERR [IN-USE] Locked by another session", "POP3 lets in one at a time", False),
        (b"-ERR [LOGIN-DELAY] Wait a minute", "Wait a minute", False),
        (b"-ERR [SYS/TEMP] Try later", "Try later", False),
        (b"-ERR [AUTH] No", "refused the user name or the password", True),
    ],
)
def test_what_is_no_fault_of_the_password_is_not_taken_for_one(
    mailbox: Mailbox, answer: bytes, told: str, is_password: bool
) -> None:
    with patch.object(Pop3, "pass_", side_effect=poplib.error_proto(answer)):
        fetch(mailbox)
    assert told in mailbox.trouble
    assert mailbox.retry_at is not None
    assert (mailbox.retry_at > clock.now() + timedelta(minutes=4)) == is_password


def test_a_server_without_lasting_ids_is_said_plainly(mailbox: Mailbox) -> None:
    with patch.object(Pop3, "uidl", side_effect=poplib.error_proto(b"-ERR Unknown command")):
        [refused, _sending] = check_mailbox(mailbox)
    assert "no lasting ids" in refused.text


def test_nobody_there_and_no_pop3_are_said_plainly(mailbox: Mailbox, imap_user: ImapUser) -> None:
    mailbox.imap_port = free_port()
    assert "Nothing answers" in check_mailbox(mailbox)[0].text
    mailbox.imap_port = imap_user.server.port
    assert "does not speak POP3" in check_mailbox(mailbox)[0].text
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mailbox.imap_port = silent.getsockname()[1]
        with patch("tugi.channels.email.pop3_sessions.TIMEOUT_SECONDS", 0.3):
            assert "did not answer" in check_mailbox(mailbox)[0].text


def test_another_account_begins_as_the_first_one_did(mailbox: Mailbox, imap_user: ImapUser) -> None:
    """Ids mean something at one account only; what lies at the new one came before we were there."""
    fetch(mailbox)
    other = ImapUser(imap_user.server, f"{imap_user.name}-moved")
    imap_user.server.add_user(other.name, other.password)
    other.put(mail(), mail())
    change_mailbox(
        mailbox.pk,
        imap_username=other.name,
        imap_password=other.password,
        imap_start=Start.NEW,
        actor=actors.system(),
    )
    fetch(mailbox)
    assert (mailbox.trouble, RawMail.objects.count()) == ("", 0)
    other.put(mail())
    fetch(mailbox)

    assert RawMail.objects.count() == 1
