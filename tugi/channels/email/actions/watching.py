"""Who waits at a mailbox's server for news. No events: nothing happens to the mailbox itself."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from tugi.channels.email.models import Mailbox
from tugi.core import clock

WATCH_LEASE = timedelta(minutes=2)
MOST_WATCHED = 4
"""Folders of a mailbox: each is a connection of its own, and providers allow few at once."""


def claim_watch(mailbox_id: int, by: str) -> bool:
    """Be the one worker that waits for this mailbox's news, for the time of a lease; False if another is."""
    now = clock.now()
    free = Q(watched_until=None) | Q(watched_until__lt=now) | Q(watched_by=by)
    mine = Mailbox.objects.filter(free, id=mailbox_id)
    return bool(mine.update(watched_until=now + WATCH_LEASE, watched_by=by))


def release_watch(mailbox_id: int, by: str) -> None:
    """Let another wait. Until one does, the mailbox is looked into more often, from now on."""
    mine = Mailbox.objects.filter(id=mailbox_id, watched_by=by)
    mine.update(watched_until=None, watched_by="", fetch_wanted=True)


def want_fetch(mailbox_id: int) -> None:
    """There is new mail: a fetch that is under way may have begun too early to see it."""
    Mailbox.objects.filter(id=mailbox_id, fetch_wanted=False).update(fetch_wanted=True)
