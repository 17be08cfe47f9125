"""Carries the log to its consumers: stamps, then lets each read on from its cursor.

What a batch does and the move of the cursor are one transaction, so each event takes effect exactly
once in the database. Two runners, in one process or on two machines, divide the consumers by the
locks of their cursors.
"""

from __future__ import annotations

import contextlib
import threading
import time

from tugi.events import bell, setbacks, stamping
from tugi.events.consumers import Consumer, consumers
from tugi.events.models import Cursor
from tugi.events.places import pending, place_cursors
from tugi.events.reading import read_on

LAZY = 1000
"""How far a cursor may stay behind while nothing for its consumer is said."""
PACE_SECONDS = 0.05
"""Between two rounds that found something: under load a round is of many events, and costs hardly more than of one."""
LOOK_AGAIN_SECONDS = 1.0
"""How soon to look for second attempts that are due and for cursors that someone has moved back."""


class Runner:
    """Remembers which consumers have nothing to read, so that an idle log costs next to nothing."""

    def __init__(self) -> None:
        self._clear: dict[str, tuple[int, int]] = {}
        self._quiet_at = -1
        self._look_again_at = 0.0

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set."""
        place_cursors()
        with contextlib.closing(bell.Bell(bell.APPENDED)) as ear:
            while not stop.is_set():
                began = time.monotonic()
                if not self.tick():
                    ear.wait(LOOK_AGAIN_SECONDS)
                elif (rest := began + PACE_SECONDS - time.monotonic()) > 0:
                    stop.wait(rest)

    def run_until_quiet(self) -> None:
        """Work until no consumer has anything to read, nor anything to try again at present."""
        place_cursors()
        self._quiet_at = -1
        while self.tick():
            pass

    def tick(self) -> bool:
        """Go round once; True if there may be more to do at once."""
        head = stamping.stamp()
        if head == self._quiet_at and time.monotonic() < self._look_again_at:
            return False
        if self._go_round(head):
            return True
        self._quiet_at, self._look_again_at = head, time.monotonic() + LOOK_AGAIN_SECONDS
        return False

    def _go_round(self, head: int) -> bool:
        places = dict(Cursor.objects.values_list("consumer", "seq"))
        to_retry = setbacks.consumers_to_retry()
        listening = [consumer for name, consumer in consumers().items() if name in places]
        read = [self._read(consumer, places[consumer.name], head) for consumer in listening]
        retried = [setbacks.retry_due(consumer) for consumer in listening if consumer.name in to_retry]
        return any(read) or any(retried)

    def _read(self, consumer: Consumer, place: int, head: int) -> bool:
        seen_place, clear_to = self._clear.get(consumer.name, (place, place))
        after = clear_to if seen_place == place else place
        if after >= head:
            return False
        if head - place < LAZY and not pending(consumer, after=after, upto=head).exists():
            self._clear[consumer.name] = (place, head)
            return False
        return read_on(consumer, head)
