"""Making the index anew, after a change of tokens or languages, or after a move to another database.

The newest messages come first, since they are asked for first. A rebuilding that was interrupted goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.db.models import Max

from tugi.core import clock
from tugi.tickets.models import Message
from tugi.tickets.models.search import SearchRebuild
from tugi.tickets.search import words
from tugi.tickets.search.index import engine
from tugi.tickets.search.indexing import index_messages

BATCH = 500
Progress = Callable[[int, int], None]


def rebuild(progress: Progress | None = None, *, afresh: bool = False) -> int:
    """Read every message into an emptied index; gives how many this call read.

    `progress` is told, after each batch, how far it is and how far it goes (in message ids).
    `afresh` drops what an interrupted rebuilding had done. Messages that come meanwhile are
    indexed by their consumer.
    """
    if afresh:
        SearchRebuild.objects.all().delete()
    state = SearchRebuild.objects.first() or _begin()
    read = 0
    while taken := _step(state):
        read += taken
        if progress:
            progress(state.upto - state.reached + 1, state.upto)
    engine().settle()
    state.delete()
    return read


@transaction.atomic
def _begin() -> SearchRebuild:
    upto = Message.objects.aggregate(newest=Max("id"))["newest"] or 0
    engine().clear()
    words.forget_all()
    return SearchRebuild.objects.create(reached=upto + 1, upto=upto, started_at=clock.now())


@transaction.atomic
def _step(state: SearchRebuild) -> int:
    """Read the next older batch; its transaction also moves the mark, so that none is lost or done twice."""
    waiting = Message.objects.filter(id__lt=state.reached).order_by("-id")
    batch = sorted(waiting.values_list("id", flat=True)[:BATCH])
    if batch:
        index_messages(batch)
        state.reached = batch[0]
        state.save(update_fields=["reached"])
    return len(batch)
