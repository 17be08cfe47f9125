"""Chores about the health of mail that come round."""

from __future__ import annotations

import logging

from tugi.channels.email.actions import count_mails, note_storage
from tugi.channels.email.reconciling import read_all
from tugi.core.storage import storage
from tugi.events import actors
from tugi.events.schedule import every

MINUTE = 60.0
MOST_TURNS = 50
log = logging.getLogger(__name__)


@every("email.tallies", seconds=MINUTE)
def count_what_came() -> None:
    """Mails that are done are counted once, so that nothing has to count them all."""
    for _turn in range(MOST_TURNS):
        if not count_mails():
            return


@every("email.readings", seconds=5 * MINUTE)
def compare_with_servers() -> None:
    """What the servers hold is compared with what we have."""
    read_all()


@every("email.storage", seconds=MINUTE)
def watch_storage() -> None:
    """A disk that fills is said before it is full, and when there is room again."""
    room = storage()
    before, after = note_storage(room, actor=actors.system())
    if after > before:
        log.warning("The disk of the data directory is %s %% full: mail is refused when it is full.", room.percent)
    elif after < before:
        log.warning("The disk of the data directory has room again: %s %% full.", room.percent)
