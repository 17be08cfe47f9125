"""What the doctor asks of the log: that somebody carries it, and that nobody is left behind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from tugi.core import clock
from tugi.core.doctor import Finding, amber, counted, green, probe, red
from tugi.events import places
from tugi.events.consumers import consumers
from tugi.events.models import Cursor, ParkedEvent, WorkerHeartbeat

STALE_AFTER = timedelta(seconds=60)
LAG_WARNED, LAG_ALARMED = 1_000, 100_000


@probe("worker")
def somebody_works() -> Iterator[Finding]:
    """Every thread of every worker went round its loop in the last minute."""
    beats = list(WorkerHeartbeat.objects.order_by("name", "thread"))
    if not beats:
        yield red("No worker runs: no mail comes or goes.", "Start `tugi serve`, or `tugi worker` beside `tugi web`.")
        return
    stale = [beat for beat in beats if beat.at < clock.now() - STALE_AFTER]
    for beat in stale:
        yield red(
            f"{beat.thread} of {beat.name} stands still since {beat.at:%H:%M:%S} UTC.", "Start that worker again."
        )
    if not stale:
        yield green(f"Every loop goes round: {len(beats)} of {counted(len({beat.name for beat in beats}), 'worker')}.")


@probe("consumers")
def consumers_keep_up() -> Iterator[Finding]:
    """Nobody is far behind, and nothing was put aside."""
    cursors = {cursor.consumer: cursor.seq for cursor in Cursor.objects.all()}
    lags = {name: places.pending(one, after=cursors.get(name, 0)).count() for name, one in consumers().items()}
    for name, lag in lags.items():
        if lag > LAG_WARNED:
            say = red if lag > LAG_ALARMED else amber
            yield say(f"{name} is {counted(lag, 'event')} behind.", "It catches up by itself while a worker runs.")
    if all(lag <= LAG_WARNED for lag in lags.values()):
        yield green(f"Every consumer keeps up ({len(lags)}).")
    parked = ParkedEvent.objects.filter(parked_at__isnull=False).count()
    if parked:
        yield amber(f"{counted(parked, 'event')} could not be taken and put aside instead.", "See bin/tugi consumers.")
