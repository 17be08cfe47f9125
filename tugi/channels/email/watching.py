"""Waiting at a mail server for news (IMAP IDLE, RFC 2177): new mail is fetched within a second or two of its arrival.

Nothing is fetched here and no claim on a mailbox is held: whoever hears of mail says so in the row, and the fetcher
does the rest. Where a server offers no IDLE, and where the line fails, mailboxes are looked into as often as before.
"""

from __future__ import annotations

import threading
import time

from django.db import connection
from django.db.models import QuerySet
from imapclient import IMAPClient, SocketTimeout

from tugi.channels.email.accounts import imap_account
from tugi.channels.email.actions import claim_watch, release_watch, want_fetch
from tugi.channels.email.actions.watching import MOST_WATCHED
from tugi.channels.email.imap_sessions import open_folder, signed_in
from tugi.channels.email.models import Mailbox, Protocol
from tugi.channels.email.words import CannotFetch

TIMEOUT = SocketTimeout(connect=15, read=20)
LISTEN_SECONDS = 2.0
"""How long a thread waits before it looks whether it is to end."""
RENEW_SECONDS = 4 * 60.0
"""A server may end it after 30 minutes; routers forget a silent line much sooner, and only an answer shows it alive."""
CLAIM_AGAIN_SECONDS = 30.0
NOT_OFFERED_SECONDS = 3600.0
FAILED_SECONDS = 60.0
REFUSED_SECONDS = 900.0
"""A refused password: fetching tries it often enough."""


class Watch(threading.Thread):
    """Waits for news of one folder until `over` is set. `rest` is then how long to leave this mailbox alone."""

    def __init__(self, mailbox: Mailbox, folder: str, over: threading.Event) -> None:
        super().__init__(name=f"idle-{mailbox.pk}", daemon=True)
        self.rest = FAILED_SECONDS
        self._mailbox, self._folder, self._over = mailbox, folder, over

    def run(self) -> None:
        try:
            with signed_in(imap_account(self._mailbox), timeout=TIMEOUT) as client:
                if client.has_capability("IDLE"):
                    open_folder(client, self._folder)
                    self._listen(client)
                else:
                    self.rest = NOT_OFFERED_SECONDS
        except CannotFetch as refused:
            self.rest = REFUSED_SECONDS if refused.is_password else FAILED_SECONDS
        finally:
            connection.close()

    def _listen(self, client: IMAPClient) -> None:
        """Raises what `signed_in` makes CannotFetch of, as soon as the line is seen to be dead."""
        while not self._over.is_set():
            client.idle()
            self._ring()  # for what came before it began
            ends_at = time.monotonic() + RENEW_SECONDS
            while not self._over.is_set() and time.monotonic() < ends_at and self._hears(client):
                pass
            client.idle_done()

    def _hears(self, client: IMAPClient) -> bool:
        """Listen for a moment; False if there was something to read and nothing in it: the line's end, most likely."""
        began = time.monotonic()
        said = client.idle_check(timeout=LISTEN_SECONDS)
        if any(b"EXISTS" in line for line in said):
            self._ring()
        return bool(said) or time.monotonic() - began > LISTEN_SECONDS / 2

    def _ring(self) -> None:
        """Say that there is mail. The database is not held on to: hours may pass to the next time."""
        try:
            want_fetch(self._mailbox.pk)
        finally:
            connection.close()


class Post:
    """The watches of one mailbox: they stand and fall together."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.account = account_of(mailbox)
        self._over = threading.Event()
        self._watches = [Watch(mailbox, folder, self._over) for folder in mailbox.folders[:MOST_WATCHED]]
        for watch in self._watches:
            watch.start()

    @property
    def has_fallen(self) -> bool:
        return not all(watch.is_alive() for watch in self._watches)

    @property
    def rest(self) -> float:
        return max(watch.rest for watch in self._watches if not watch.is_alive())

    def end(self) -> None:
        self._over.set()


class Watchman:
    """Keeps a post at each mailbox whose server can tell of new mail, and that no other worker watches."""

    LOOK_EVERY_SECONDS = 3.0

    def __init__(self, *, by: str) -> None:
        self._by = by
        self._posts: dict[int, Post] = {}
        self._left_alone: dict[int, tuple[object, float]] = {}
        self._claimed_at = 0.0

    def look(self) -> None:
        """Give up the posts that are not wanted or have fallen, keep the claims on the others, and set up new ones."""
        wanted = {mailbox.pk: mailbox for mailbox in _that_may_tell()}
        for mailbox_id, post in list(self._posts.items()):
            if mailbox_id not in wanted or account_of(wanted[mailbox_id]) != post.account:
                self._give_up(mailbox_id)
            elif post.has_fallen:
                self._left_alone[mailbox_id] = (post.account, time.monotonic() + post.rest)
                self._give_up(mailbox_id)
        self._keep_claims()
        for mailbox in wanted.values():
            if self._may_watch(mailbox) and claim_watch(mailbox.pk, self._by):
                self._posts[mailbox.pk] = Post(mailbox)

    def end(self) -> None:
        for mailbox_id in list(self._posts):
            self._give_up(mailbox_id)

    def _may_watch(self, mailbox: Mailbox) -> bool:
        account, until = self._left_alone.get(mailbox.pk, (None, 0.0))
        is_left_alone = account == account_of(mailbox) and time.monotonic() < until
        return mailbox.pk not in self._posts and not is_left_alone

    def _keep_claims(self) -> None:
        if time.monotonic() - self._claimed_at < CLAIM_AGAIN_SECONDS:
            return
        self._claimed_at = time.monotonic()
        for mailbox_id in list(self._posts):
            if not claim_watch(mailbox_id, self._by):
                self._give_up(mailbox_id)

    def _give_up(self, mailbox_id: int) -> None:
        self._posts.pop(mailbox_id).end()
        release_watch(mailbox_id, self._by)


def _that_may_tell() -> QuerySet[Mailbox]:
    return Mailbox.objects.fetched().filter(failures=0, fetch_protocol=Protocol.IMAP)


def account_of(mailbox: Mailbox) -> object:
    """What a watch depends on: where any of it has changed, another is needed."""
    at = imap_account(mailbox)
    return (at.host, at.port, at.security, at.username, at.password.ciphertext, mailbox.sign_in, mailbox.folders)
