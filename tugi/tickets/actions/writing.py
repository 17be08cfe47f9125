"""The rows of what is said: the message and its files, from either side. Callers hold the ticket's lock."""

from __future__ import annotations

from tugi.core import clock
from tugi.core.inserting import insert
from tugi.core.text import shorten
from tugi.people.models import Agent
from tugi.tickets.actions.drafts import note_taken
from tugi.tickets.content import Content, Incoming
from tugi.tickets.errors import NothingToSay
from tugi.tickets.models import Attachment, Message, MessageKind, Ticket

NAME_LENGTH = 160
ADDRESS_LENGTH = 320


def write_incoming(ticket: Ticket, incoming: Incoming, kind: MessageKind) -> Message:
    """What came from outside, as a message to all or as a note for the desk."""
    return keep_incoming(incoming_message(incoming, kind), ticket, incoming)


def incoming_message(incoming: Incoming, kind: MessageKind) -> Message:
    """The message, not yet in a ticket. Never written in the future."""
    now = clock.now()
    return Message(
        kind=kind,
        channel=incoming.channel,
        contact_id=incoming.contact_id,
        author_name=shorten(incoming.author_name, NAME_LENGTH),
        author_address=incoming.author_address[:ADDRESS_LENGTH],
        to=list(incoming.to),
        cc=list(incoming.cc),
        proof=incoming.proof,
        is_automatic=incoming.is_automatic,
        raw_blob=incoming.raw_blob,
        created_at=now,
        written_at=min(incoming.written_at or now, now),
        invitations=[each.to_data() for each in incoming.invitations] or None,
        protection=[each.to_data() for each in incoming.protection] or None,
        **_words(incoming.content),
    )


def keep_incoming(message: Message, ticket: Ticket, incoming: Incoming) -> Message:
    """Put the message and its files into the ticket."""
    message.ticket = ticket
    insert(message)
    _attach(message, incoming.content)
    return message


def write_from_agent(ticket: Ticket, content: Content, kind: MessageKind, author: Agent) -> Message:
    """What an agent says. Raises NothingToSay for neither a word nor a file."""
    if not content.text.strip() and not content.files:
        raise NothingToSay
    message = Message.objects.create(
        ticket=ticket,
        kind=kind,
        channel=ticket.channel,
        agent=author,
        author_name=author.name,
        created_at=clock.now(),
        **_words(content),
    )
    _attach(message, content)
    note_taken(message, content, author)
    return message


def _words(content: Content) -> dict[str, str]:
    return {
        "html": content.html,
        "text": content.text,
        "quoted_html": content.quoted_html,
        "quoted_text": content.quoted_text,
        "language": content.language,
    }


def _attach(message: Message, content: Content) -> None:
    if not content.files:
        return
    Attachment.objects.bulk_create(
        Attachment(
            message=message,
            name=file.name[:255],
            content_type=file.content_type[:120],
            size=file.size,
            sha256=file.sha256,
            content_id=file.content_id[:255],
            is_inline=file.is_inline,
            is_noise=file.is_noise,
        )
        for file in content.files
    )
