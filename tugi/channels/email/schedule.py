"""What falls due in mail, and chores about its health that come round."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime

from tugi.channels.email.actions import count_mails, note_storage
from tugi.channels.email.actions.automatic import resume
from tugi.channels.email.models import AutomaticPause
from tugi.channels.email.reconciling import read_all
from tugi.core import clock
from tugi.core.errors import Conflict
from tugi.core.storage import storage
from tugi.events import actors
from tugi.events.schedule import due, every

MINUTE = 60.0
MOST_TURNS = 50
log = logging.getLogger(__name__)


def _next_end() -> datetime | None:
    return AutomaticPause.objects.order_by("until").values_list("until", flat=True).first()


@due("email.automatic_pauses", next_due=_next_end)
def end_pauses() -> bool:
    """Let automatic mail leave again when its pause is over."""
    over = AutomaticPause.objects.filter(until__lte=clock.now()).values_list("id", flat=True).first()
    if over is None:
        return False
    # Somebody's button, or another worker, may be faster.
    with suppress(Conflict):
        resume(over, actor=actors.system())
    return True


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
