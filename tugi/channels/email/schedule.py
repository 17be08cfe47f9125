"""What falls due in mail."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from tugi.channels.email.actions.automatic import resume
from tugi.channels.email.models import AutomaticPause
from tugi.core import clock
from tugi.core.errors import Conflict
from tugi.events import actors
from tugi.events.schedule import due


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
