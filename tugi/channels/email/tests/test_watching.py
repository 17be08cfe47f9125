"""Waiting for news at a real Dovecot."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from imapclient import IMAPClient, SocketTimeout

from tests.servers.faulty_line import FaultyLine, faulty_line
from tests.servers.imap_user import ImapUser
from tugi.channels.email import watching
from tugi.channels.email.actions import claim_mailbox, claim_watch, note_fetched, want_fetch
from tugi.channels.email.fetchers import fetch_mailboxes, watch_mailboxes
from tugi.channels.email.models import Mailbox, RawMail
from tugi.channels.email.testing import mail
from tugi.channels.email.watching import Watchman
from tugi.core import clock
from tugi.events import actors

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def wait_until(ready: Callable[[], bool], seconds: float = 8) -> float:
    """How long it took. Raises AssertionError."""
    began = time.monotonic()
    while not ready():
        assert time.monotonic() - began < seconds
        time.sleep(0.02)
    return time.monotonic() - began


def is_wanted() -> bool:
    return Mailbox.objects.get().fetch_wanted


@contextmanager
def watched(by: str = "a") -> Iterator[Watchman]:
    """At its post, and the first ring, for what came before it, is over."""
    watchman = Watchman(by=by)
    with patch.object(watching, "LISTEN_SECONDS", 0.2):
        try:
            watchman.look()
            wait_until(is_wanted)
            Mailbox.objects.update(fetch_wanted=False)
            yield watchman
        finally:
            watchman.end()
            _let_end()


@pytest.fixture
def line(fetched_mailbox: Mailbox) -> Iterator[FaultyLine]:
    with faulty_line((fetched_mailbox.imap_host, fetched_mailbox.imap_port)) as line:
        Mailbox.objects.update(imap_port=line.port)
        yield line


def test_new_mail_is_heard_of_at_once(fetched_mailbox: Mailbox, imap_user: ImapUser) -> None:
    with watched():
        imap_user.put(mail())
        assert wait_until(is_wanted) < 2


def test_new_mail_is_here_within_two_seconds_and_no_claim_is_held_meanwhile(
    fetched_mailbox: Mailbox, imap_user: ImapUser
) -> None:
    stop = threading.Event()
    threads = [threading.Thread(target=_run, args=(loop, stop)) for loop in (fetch_mailboxes, watch_mailboxes)]
    with patch.object(watching, "LISTEN_SECONDS", 0.2):
        for thread in threads:
            thread.start()
        try:
            wait_until(lambda: Mailbox.objects.get().last_fetched_at is not None and not is_wanted())
            wait_until(lambda: Mailbox.objects.get().watched_by != "")
            time.sleep(1.5)  # the fetch for what came before the watch
            fetched_at, mailbox = Mailbox.objects.get().last_fetched_at, Mailbox.objects.get()
            assert mailbox.fetch_claimed_until is None
            assert mailbox.retry_at is not None
            assert mailbox.retry_at > clock.now() + timedelta(seconds=20), "it would not be looked into for long"
            imap_user.put(mail())
            assert wait_until(RawMail.objects.exists) < 2.5
            assert Mailbox.objects.get().last_fetched_at != fetched_at or not is_wanted()
        finally:
            stop.set()
            for thread in threads:
                thread.join()
            _let_end()


def test_each_folder_is_listened_to(fetched_mailbox: Mailbox, imap_user: ImapUser) -> None:
    imap_user.make("Orders")
    Mailbox.objects.update(imap_folders="INBOX\nOrders")
    with watched():
        time.sleep(0.3)
        Mailbox.objects.update(fetch_wanted=False)
        imap_user.put(mail(), folder="Orders")
        wait_until(is_wanted)


def test_news_during_a_fetch_is_not_forgotten_when_it_ends(fetched_mailbox: Mailbox) -> None:
    claimed = claim_mailbox()
    assert claimed is not None
    want_fetch(claimed.pk)
    note_fetched(claimed.pk, actor=actors.system())

    assert claim_mailbox() == claimed
    assert not is_wanted()


def test_a_mailbox_that_fails_is_not_tried_sooner_because_of_news(fetched_mailbox: Mailbox) -> None:
    Mailbox.objects.update(failures=1, retry_at=clock.now() + timedelta(minutes=5), fetch_wanted=True)
    assert claim_mailbox() is None


def test_one_worker_of_two_waits(line: FaultyLine) -> None:
    with watched("a") as first:
        other = Watchman(by="b")
        other.look()
        first.look()
        assert line.connections == 1
        assert Mailbox.objects.get().watched_by == "a"
    other.look()
    assert Mailbox.objects.get().watched_by == "b"
    other.end()
    _let_end()


def test_the_watch_of_a_dead_worker_is_taken_over(fetched_mailbox: Mailbox) -> None:
    assert claim_watch(fetched_mailbox.pk, "dead")
    assert not claim_watch(fetched_mailbox.pk, "alive")
    Mailbox.objects.update(watched_until=clock.now() - timedelta(seconds=1))
    assert claim_watch(fetched_mailbox.pk, "alive")


def test_it_is_renewed_long_before_the_server_ends_it(line: FaultyLine, imap_user: ImapUser) -> None:
    assert watching.RENEW_SECONDS < 29 * 60
    with patch.object(watching, "RENEW_SECONDS", 0.3), watched():
        time.sleep(1)
        Mailbox.objects.update(fetch_wanted=False)
        imap_user.put(mail())
        wait_until(is_wanted)
        assert line.connections == 1


def test_a_dead_line_is_noticed_and_the_mailbox_looked_into_more_often(line: FaultyLine) -> None:
    short = SocketTimeout(connect=1, read=0.5)
    with patch.object(watching, "RENEW_SECONDS", 0.5), patch.object(watching, "TIMEOUT", short), watched() as watchman:
        line.is_dead = True
        wait_until(lambda: _has_given_up(watchman))
        assert is_wanted()
        line.is_dead = False


def test_a_line_that_is_cut_off_is_noticed_at_once(line: FaultyLine) -> None:
    with watched() as watchman:
        line.cut()
        assert wait_until(lambda: _has_given_up(watchman)) < 2
        watchman.look()
        assert line.connections == 1, "a server that throws us out is not run at"


def test_a_server_without_idle_is_asked_once(line: FaultyLine) -> None:
    watchman = Watchman(by="a")
    with patch.object(IMAPClient, "has_capability", return_value=False):
        watchman.look()
        wait_until(lambda: _has_given_up(watchman))
        watchman.look()
    assert line.connections == 1


def test_changed_settings_make_another_watch(line: FaultyLine, imap_user: ImapUser) -> None:
    with watched() as watchman:
        Mailbox.objects.update(imap_port=imap_user.server.port)
        watchman.look()
        wait_until(is_wanted)
        Mailbox.objects.update(is_active=False)
        watchman.look()
        assert Mailbox.objects.get().watched_by == ""


def _run(loop: Callable[[threading.Event], None], stop: threading.Event) -> None:
    try:
        loop(stop)
    finally:
        connection.close()


def _let_end() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith(("idle-", "fetch-")):
            thread.join(5)


def _has_given_up(watchman: Watchman) -> bool:
    watchman.look()
    return Mailbox.objects.get().watched_by == ""
