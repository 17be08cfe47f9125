"""What tickets follow up on by themselves: the search index and the finding of contacts stay true to the tables."""

from __future__ import annotations

from django.db.models import Q

from tugi.events.consumers import consumer
from tugi.events.facts import Fact
from tugi.events.models import Event
from tugi.people.contact_search import index_contact
from tugi.people.events import ContactAdded, ContactChanged
from tugi.tickets.events import (
    MergeUndone,
    MessageReceived,
    NoteAdded,
    ParticipantAdded,
    ReplyWithdrawn,
    ReplyWritten,
    SubjectChanged,
    TagsChanged,
    TicketAbsorbed,
    TicketMoved,
    TicketOpened,
)
from tugi.tickets.models import Ticket
from tugi.tickets.search import index_message, reindex_ticket

MOST_RENAMED = 100
"""So many of a contact's newest tickets are found under a changed name; the older ones keep the former."""


@consumer(
    "search",
    on=(
        MessageReceived,
        ReplyWritten,
        ReplyWithdrawn,
        NoteAdded,
        SubjectChanged,
        TagsChanged,
        TicketMoved,
        TicketAbsorbed,
        MergeUndone,
        ContactChanged,
    ),
    from_start=True,
)
def keep_index(event: Event, fact: Fact) -> None:
    """Let the search find what was said, and where it is now."""
    match fact:
        case (
            MessageReceived(message_id=message_id)
            | ReplyWritten(message_id=message_id)
            | ReplyWithdrawn(message_id=message_id)
            | NoteAdded(message_id=message_id)
        ):
            index_message(message_id)
        case MergeUndone():
            reindex_ticket(fact.ticket_id)
            reindex_ticket(fact.source_id)
        case SubjectChanged() | TagsChanged() | TicketMoved() | TicketAbsorbed():
            reindex_ticket(fact.ticket_id)
        case ContactChanged() if "name" in fact.fields:
            tickets = Ticket.objects.filter(contact=fact.contact_id).order_by("-id")
            for ticket_id in tickets.values_list("id", flat=True)[:MOST_RENAMED]:
                reindex_ticket(ticket_id)


@consumer(
    "contact_search",
    on=(
        ContactAdded,
        ContactChanged,
        TicketOpened,
        MessageReceived,
        ParticipantAdded,
        TicketMoved,
        TicketAbsorbed,
        MergeUndone,
    ),
    from_start=True,
)
def keep_contacts_findable(event: Event, fact: Fact) -> None:
    """Let contacts be found by their present names, in the departments that have to do with them."""
    match fact:
        case ContactAdded() | ContactChanged():
            place_contact(fact.contact_id)
        case MergeUndone():
            place_contacts_of(fact.ticket_id)
            place_contacts_of(fact.source_id)
        case TicketOpened() | MessageReceived() | ParticipantAdded() | TicketMoved() | TicketAbsorbed():
            place_contacts_of(fact.ticket_id)


def place_contacts_of(ticket_id: int) -> None:
    """Place everybody who asks or takes part in a ticket."""
    asking = Ticket.objects.filter(id=ticket_id).values_list("contact_id", "participants__contact_id")
    for contact_id in {contact_id for row in asking for contact_id in row if contact_id is not None}:
        place_contact(contact_id)


def place_contact(contact_id: int) -> None:
    """Let a contact be found in the departments of the tickets that it opened or takes part in."""
    theirs = Ticket.objects.filter(Q(contact=contact_id) | Q(participants__contact=contact_id))
    index_contact(contact_id, set(theirs.order_by().values_list("department_id", flat=True).distinct()))
