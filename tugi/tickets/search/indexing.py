"""Keeping the index true to the tables. Called by the consumer of ticket facts and by a rebuilding."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from tugi.tickets.models import Message
from tugi.tickets.search import documents, words
from tugi.tickets.search.index import engine

BATCH = 200


def index_message(message_id: int) -> None:
    """Read a message into the index, anew if it is there; one that is gone or withdrawn leaves it."""
    index_messages([message_id])


def reindex_ticket(ticket_id: int) -> None:
    """Read all messages of a ticket anew: its subject, tags, department or people changed."""
    message_ids = list(Message.objects.filter(ticket_id=ticket_id).order_by("id").values_list("id", flat=True))
    for start in range(0, len(message_ids), BATCH):
        index_messages(message_ids[start : start + BATCH])


def remove(message_ids: Sequence[int]) -> None:
    """Take messages out of the index, before or after their rows are gone."""
    engine().remove(message_ids)


@transaction.atomic
def index_messages(message_ids: Sequence[int]) -> None:
    """Read these messages into the index, in the order of their ids."""
    if not message_ids:
        return
    found = [message for message in documents.messages_to_read(message_ids) if documents.is_indexed(message)]
    readings = [documents.read(message) for message in found]
    gone = set(message_ids) - {message.pk for message in found}
    if gone:
        engine().remove(sorted(gone))
    words.learn(word for reading in readings for word in reading.words)
    engine().put([reading.document for reading in readings])
