"""Which replies may be sent again: those that somebody did not get, if it is known who."""

from __future__ import annotations

from tugi.core.reasons import code_of
from tugi.tickets.models import Delivery

_ruled_out: set[str] = set()
_late: set[str] = set()


def rule_out(code: str) -> None:
    """Register the code of a reason after which another try would do harm, or no good."""
    _ruled_out.add(code)


def is_only_late(code: str) -> None:
    """Register the code of a reason that tells of a delay on the way, not of a failure. Another try would double it."""
    _late.add(code)
    rule_out(code)


def is_held_up(error: str) -> bool:
    """Is what is stored at a message that was sent no more than a delay?"""
    return code_of(error) in _late


def can_retry(delivery: str, error: str) -> bool:
    """Somebody did not get it, no other try is on its way, and another one makes sense. `error` is as stored."""
    failed = delivery == Delivery.FAILED or (delivery == Delivery.SENT and bool(error))
    return failed and code_of(error) not in _ruled_out
