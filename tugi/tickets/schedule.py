"""Chores about tickets that come round."""

from __future__ import annotations

from tugi.events.schedule import every
from tugi.tickets.search.index import engine

DAY = 86_400.0


@every("tickets.search_index", seconds=DAY)
def settle_search_index() -> None:
    """A day's small writes lie apart in the index, and each search would have to look into all of them."""
    engine().settle()
