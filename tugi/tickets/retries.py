"""Which replies may be sent again: those that somebody did not get, if it is known who."""

from __future__ import annotations

from tugi.core.reasons import code_of
from tugi.tickets.models import Delivery

_ruled_out: set[str] = set()


def rule_out(code: str) -> None:
    """Register the code of a reason after which another try would do harm, or no good."""
    _ruled_out.add(code)


def can_retry(delivery: str, error: str) -> bool:
    """Somebody did not get it, no other try is on its way, and another one makes sense. `error` is as stored."""
    failed = delivery == Delivery.FAILED or (delivery == Delivery.SENT and bool(error))
    return failed and code_of(error) not in _ruled_out
