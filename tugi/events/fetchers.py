"""Long-lived loops that bring things in from outside, such as an IMAP connection that waits for mail.

Each app registers its own in `fetchers.py`. A worker runs each in a thread of its own; on which of
several workers something is fetched, the fetcher settles by claiming rows.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from django.core.exceptions import ImproperlyConfigured

Fetch = Callable[[threading.Event], None]

_registry: dict[str, Fetch] = {}


def fetcher(name: str) -> Callable[[Fetch], Fetch]:
    """Register `run(stop)`, which goes on until `stop` is set and then returns within some seconds.

    If it raises it is started again, after a pause that grows; if it returns before its time, after a
    short one. Raises ImproperlyConfigured for a name that is taken.
    """

    def register(run: Fetch) -> Fetch:
        if name in _registry:
            raise ImproperlyConfigured(f"there is already a fetcher “{name}”")
        _registry[name] = run
        return run

    return register


def fetchers() -> Mapping[str, Fetch]:
    """Every registered fetcher by its name."""
    return dict(_registry)
