"""Rate limits that hold across processes and restarts: token buckets in rows.

A bucket of `most` tokens fills evenly within `seconds`; each act takes one. Keys are hashed when they
may name a person.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tugi.core import clock
from tugi.core.errors import DeskError
from tugi.core.models import RateBucket

LONGEST = timedelta(days=2)
"""No bucket takes longer to fill."""


class TooMany(DeskError):
    """`detail["seconds"]` says when there is room again."""

    status = 429
    code = "too_many"
    message = _("Too many at once. Nothing was lost: wait a little and try again.")


def take(key: str, *, most: int, seconds: float) -> None:
    """Count one act under this key. Raises TooMany when the bucket is empty."""
    if not try_take(key, most=most, seconds=seconds):
        raise TooMany(seconds=seconds / most)


def try_take(key: str, *, most: int, seconds: float) -> bool:
    """Count one act under this key; False, and nothing counted, when the bucket is empty."""
    return take_some(key, 1, most=most, seconds=seconds) == 1


@transaction.atomic
def take_some(key: str, count: int, *, most: int, seconds: float) -> int:
    """Count so many acts under this key, or as many as there is room for; gives how many."""
    now = clock.now()
    RateBucket.objects.get_or_create(key=key, defaults={"tokens": most, "updated_at": now})
    bucket = RateBucket.objects.select_for_update().get(key=key)
    gone = max((now - bucket.updated_at).total_seconds(), 0)
    tokens = min(bucket.tokens + gone * most / seconds, most)
    taken = min(count, int(tokens))
    if taken:
        bucket.tokens, bucket.updated_at = tokens - taken, now
        bucket.save(update_fields=["tokens", "updated_at"])
    return taken


def refill(key: str) -> None:
    """Forget what was counted under this key."""
    RateBucket.objects.filter(key=key).delete()


def forget_full() -> int:
    """Drop buckets that must have filled again; gives how many."""
    return RateBucket.objects.filter(updated_at__lt=clock.now() - LONGEST).delete()[0]
