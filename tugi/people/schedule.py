"""Chores about people that come round."""

from __future__ import annotations

from tugi.core import clock, limits
from tugi.events.schedule import every
from tugi.people.models import AccountLink
from tugi.people.sessions import SessionStore

HOUR = 3600.0


@every("people.sessions", seconds=HOUR)
def clear_ended_sessions() -> None:
    """Rows of sessions that have ended are of no use to anybody but a thief."""
    SessionStore.clear_expired()


@every("people.account_links", seconds=HOUR)
def clear_old_links() -> None:
    """Links too old to set a password go."""
    AccountLink.objects.filter(expires_at__lte=clock.now()).delete()


@every("core.rate_limits", seconds=HOUR)
def clear_full_buckets() -> None:
    """Rate limits nobody has touched for long are full again, and say nothing."""
    limits.forget_full()
