"""`tugi worker`: carry the log, send, fetch and keep time until SIGTERM or SIGINT."""

from __future__ import annotations

import signal
import threading
from queue import SimpleQueue
from typing import Any

from django.core.management.base import BaseCommand

from tugi.events.worker import run_worker


class Command(BaseCommand):
    help = "Carries the log to its consumers, sends, fetches and does what falls due, until it is ended."

    def handle(self, *args: Any, **options: Any) -> None:
        """The main thread only listens to signals: their handler may put into this queue at any moment,
        where setting an event could wait for a lock that the interrupted code holds."""
        ended: SimpleQueue[None] = SimpleQueue()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.put(None))
        stop = threading.Event()
        worker = threading.Thread(target=self._work, args=(stop, ended), name="worker")
        worker.start()
        ended.get()
        stop.set()
        worker.join()

    def _work(self, stop: threading.Event, ended: SimpleQueue[None]) -> None:
        try:
            run_worker(stop)
        finally:
            ended.put(None)
