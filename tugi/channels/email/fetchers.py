"""The loops that bring mail in: IMAP or POP3 for every mailbox with an account, and our own SMTP and LMTP listeners."""

from __future__ import annotations

import logging
import threading

from django.conf import settings
from django.db import close_old_connections, connection

from tugi.channels.email import imap, pop3
from tugi.channels.email.actions import claim_mailbox, keep_claim, note_fetch_failed, note_fetched
from tugi.channels.email.listener import Place, listen, shown
from tugi.channels.email.models import Mailbox, Protocol, Via
from tugi.channels.email.watching import Watchman
from tugi.channels.email.words import CannotFetch
from tugi.core.reasons import reason
from tugi.events import actors
from tugi.events.connections import let_go
from tugi.events.fetchers import fetcher
from tugi.events.worker import name_of_worker

MOST_AT_ONCE = 4
LOOK_EVERY_SECONDS = 1.0
REST_SECONDS = 10.0
ROADS = {Protocol.IMAP: imap.fetch, Protocol.POP3: pop3.fetch}
log = logging.getLogger(__name__)


@fetcher("email.fetch")
def fetch_mailboxes(stop: threading.Event) -> None:
    """Fetch each mailbox that is due, a few at once, so that a slow server holds up nobody else."""
    at_work: list[threading.Thread] = []
    while not stop.is_set():
        at_work = [thread for thread in at_work if thread.is_alive()]
        mailbox = claim_mailbox() if len(at_work) < MOST_AT_ONCE else None
        if mailbox is None:
            stop.wait(LOOK_EVERY_SECONDS)
            continue
        thread = threading.Thread(target=_in_thread, args=(mailbox, stop), name=f"fetch-{mailbox.pk}")
        thread.daemon = True
        thread.start()
        at_work.append(thread)
    for thread in at_work:
        thread.join(timeout=5)


@fetcher("email.idle")
def watch_mailboxes(stop: threading.Event) -> None:
    """Wait at the servers that tell of new mail, so that it is here within a second or two."""
    watchman = Watchman(by=name_of_worker())
    try:
        while not stop.is_set():
            watchman.look()
            let_go()
            stop.wait(watchman.LOOK_EVERY_SECONDS)
    finally:
        watchman.end()


@fetcher("email.smtp")
def take_mail(stop: threading.Event) -> None:
    """Listen for SMTP, if the desk is to."""
    _listen(settings.SMTP_LISTEN, stop, Via.SMTP)


@fetcher("email.lmtp")
def take_handed_mail(stop: threading.Event) -> None:
    """Listen for LMTP, if the desk is to."""
    _listen(settings.LMTP_LISTEN, stop, Via.LMTP)


def _listen(place: Place | None, stop: threading.Event, via: Via) -> None:
    if place is None:
        while not stop.wait(REST_SECONDS):  # a thread that never asks is taken for dead
            pass
        return
    try:
        listen(place, stop, via=via)
    except OSError as error:
        log.error("No mail is taken at %s: %s", shown(place), error.strerror or error)
        raise


def fetch_one(mailbox: Mailbox, stop: threading.Event) -> None:
    """Fetch one mailbox whose claim is held, and write down how it went."""
    actor = actors.system("channel")

    def keep_on() -> bool:
        keep_claim(mailbox)
        return not stop.is_set()

    try:
        trouble = ROADS[Protocol(mailbox.fetch_protocol)](mailbox, keep_on=keep_on)
    except CannotFetch as refused:
        note_fetch_failed(mailbox.pk, refused.reason, is_password=refused.is_password, actor=actor)
    except Exception:
        log.exception("Mailbox %s could not be fetched.", mailbox.pk)
        note_fetch_failed(mailbox.pk, reason("desk.unexpected"), is_password=False, actor=actor)
    else:
        note_fetched(mailbox.pk, actor=actor, is_all=not stop.is_set(), trouble=trouble)


def _in_thread(mailbox: Mailbox, stop: threading.Event) -> None:
    close_old_connections()
    try:
        fetch_one(mailbox, stop)
    finally:
        connection.close()
