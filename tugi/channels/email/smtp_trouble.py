"""Servers that keep us waiting, or refuse our password: not asked again with every mail that is due.

A dead server takes half a minute to be found dead. A hundred mails that each found it out anew would hold up those of
all other mailboxes; and a hundred refused passwords lock an account. So what one mail met counts, for a short while,
for the others too. In memory: it spares time, and decides nothing.
"""

from __future__ import annotations

import threading
from time import monotonic as now

from tugi.events.senders import DeliveryError

SILENT_SECONDS = 60.0
REFUSED_SECONDS = 300.0
_met: dict[object, tuple[float, DeliveryError]] = {}
_lock = threading.Lock()


def raise_if_met(key: object) -> None:
    """Raise again what a mail met at this account a moment ago."""
    with _lock:
        until, error = _met.get(key, (0.0, None))
    if error is not None and now() < until:
        raise DeliveryError(error.reason, permanent=error.permanent)


def remember(key: object, error: DeliveryError, seconds: float) -> None:
    with _lock:
        for old in [each for each, (until, _error) in _met.items() if until < now()]:
            del _met[old]
        _met[key] = (now() + seconds, error)
