"""Chores about tickets that come round."""

from __future__ import annotations

from datetime import timedelta

from tugi.core import clock
from tugi.events.schedule import every
from tugi.tickets.actions.drafts import forget_taken
from tugi.tickets.search.index import engine

DAY = 86_400.0
KEPT_FOR = timedelta(days=30)


@every("tickets.search_index", seconds=DAY)
def settle_search_index() -> None:
    """A day's small writes lie apart in the index, and each search would have to look into all of them."""
    engine().settle()


@every("tickets.taken_drafts", seconds=DAY)
def forget_taken_drafts() -> None:
    """Nobody sends a draft again that was sent a month ago."""
    forget_taken(before=clock.now() - KEPT_FOR)
