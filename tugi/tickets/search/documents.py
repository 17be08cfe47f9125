"""What of a message is found, and by which marks. Reads tables, knows nothing of the index's SQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.models import Exists, OuterRef, QuerySet

from tugi.core import languages
from tugi.tickets.models import Delivery, Message, MessageKind
from tugi.tickets.search.index import Document
from tugi.tickets.search.tokens import mark, pieces, readings

MOST_TOKENS = 4000
"""Of a message's own words; what comes later in a huge message is not found."""
MOST_QUOTED = 1000
MOST_NAMED = 200

_KINDS = {MessageKind.INBOUND: "i", MessageKind.OUTBOUND: "o", MessageKind.NOTE: "n"}


@dataclass(frozen=True)
class Reading:
    """A message read for the index: its document, and its words with the language each was read in."""

    document: Document
    words: frozenset[tuple[str, str]]


def is_indexed(message: Message) -> bool:
    return message.delivery != Delivery.WITHDRAWN


def messages_to_read(message_ids: Iterable[int]) -> QuerySet[Message]:
    """The messages with all that `read` needs, in three queries."""
    earlier = Message.objects.filter(ticket=OuterRef("ticket"), id__lt=OuterRef("id"))
    return (
        Message.objects.filter(id__in=list(message_ids))
        .select_related("ticket__contact")
        .prefetch_related("attachments", "ticket__tags")
        .defer("html", "quoted_html", "to", "cc", "delivery_error")
        .annotate(has_earlier=Exists(earlier))
        .order_by("id")
    )


def read(message: Message) -> Reading:
    """Turn a message of `messages_to_read` into its document.

    The ticket's own words stand in each of its messages, so that a subject and what was answered to
    it are found together. What is quoted counts only in a ticket's first message: elsewhere it was said before.
    """
    ticket = message.ticket
    language = languages.detect(message.text or ticket.subject, message.language or ticket.language)
    quoted = "" if message.has_earlier else message.quoted_text  # type: ignore[attr-defined]
    texts = (_about_ticket(message), message.text, quoted, _about_message(message))
    most = (MOST_NAMED, MOST_TOKENS, MOST_QUOTED, MOST_NAMED)
    read_texts = [list(islice(readings(text, language), limit)) for text, limit in zip(texts, most, strict=True)]
    about, body, rest, author = ([reading[0] for reading in text] for text in read_texts)
    # Marks stand between, so that no phrase reaches from one text into the next.
    marks = list(marks_of(message))
    found = (*about, *marks, *body, marks[0], *rest, marks[0], *author)
    words = frozenset((own, word) for text in read_texts for _token, own, word in text if own)
    return Reading(Document(message.pk, found), words)


def marks_of(message: Message) -> Iterator[str]:
    """What is known of a message beside its words: department, ticket, kind, tags, author, files."""
    yield mark("d", message.ticket.department_id)
    yield mark("k", message.ticket_id)
    yield mark(_KINDS[MessageKind(message.kind)])
    yield from (mark("t", tag.pk) for tag in message.ticket.tags.all())
    if any(not file.is_noise and not file.is_inline for file in message.attachments.all()):
        yield mark("a")
    address = message.author_address.lower()
    if address:
        yield mark("f", address)
        yield mark("g", address.rpartition("@")[2])
    for word in sorted(author_words(f"{message.author_name} {address.partition('@')[0]}")):
        yield mark("w", word)


def author_words(name: str) -> set[str]:
    """The words that somebody's messages are found by with `from:`."""
    return {languages.plain(languages.fold(piece.text)) for piece in pieces(name[:500])}


def _about_ticket(message: Message) -> str:
    ticket = message.ticket
    tags = " ".join(tag.name for tag in ticket.tags.all())
    return f"{ticket.number} {ticket.subject} {tags} {ticket.contact.name}"


def _about_message(message: Message) -> str:
    files = " ".join(file.name for file in message.attachments.all() if not file.is_noise)
    return f"{message.author_name} {message.author_address} {files}"
