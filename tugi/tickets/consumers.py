"""What tickets follow up on by themselves: the search index and the finding of contacts stay true to the tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from tugi.events.consumers import Said, batch_consumer
from tugi.events.facts import Fact
from tugi.people.contact_search import index_contacts, not_found_in
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
from tugi.tickets.models import Participant, Ticket
from tugi.tickets.search.indexing import index_messages, reindex_ticket

MOST_RENAMED = 100
"""So many of a contact's newest tickets are found under a changed name; the older ones keep the former."""


@batch_consumer(
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
def keep_index(said: Sequence[Said]) -> None:
    """Let the search find what was said, and where it is now."""
    message_ids: set[int] = set()
    ticket_ids: set[int] = set()
    for _event, fact in said:
        message_id = getattr(fact, "message_id", None)
        if message_id is None:
            ticket_ids.update(_tickets_changed_by(fact))
        else:
            message_ids.add(message_id)
    index_messages(sorted(message_ids))
    for ticket_id in sorted(ticket_ids):
        reindex_ticket(ticket_id)


def _tickets_changed_by(fact: Fact) -> Iterator[int]:
    """Tickets whose messages are found by other words or in another place."""
    match fact:
        case MergeUndone():
            yield from (fact.ticket_id, fact.source_id)
        case SubjectChanged() | TagsChanged() | TicketMoved() | TicketAbsorbed():
            yield fact.ticket_id
        case ContactChanged() if "name" in fact.fields:
            tickets = Ticket.objects.filter(contact=fact.contact_id).order_by("-id")
            yield from tickets.values_list("id", flat=True)[:MOST_RENAMED]


@batch_consumer(
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
def keep_contacts_findable(said: Sequence[Said]) -> None:
    """Let contacts be found by their present names, in the departments that have to do with them."""
    changed: set[int] = set()
    arrived: set[int] = set()
    for _event, fact in said:
        match fact:
            case ContactAdded() | ContactChanged():
                changed.add(fact.contact_id)
            case MergeUndone():
                changed |= {contact_id for contact_id, _ in _places_in((fact.ticket_id, fact.source_id))}
            case TicketMoved() | TicketAbsorbed():
                changed |= {contact_id for contact_id, _ in _places_in((fact.ticket_id,))}
            case TicketOpened() | MessageReceived() | ParticipantAdded():
                arrived.add(fact.ticket_id)
    changed |= not_found_in(_places_in(arrived))
    place_contacts(changed)


def place_contact(contact_id: int) -> None:
    """Let a contact be found in the departments of the tickets that it opened or takes part in."""
    place_contacts((contact_id,))


def place_contacts(contact_ids: Collection[int]) -> None:
    """As `place_contact`, for many."""
    if not contact_ids:
        return
    # Two walks of an index; "or" between them would read every ticket.
    asked = Ticket.objects.order_by().filter(contact__in=contact_ids).values_list("contact_id", "department_id")
    taking_part = Participant.objects.filter(contact__in=contact_ids).values_list("contact_id", "ticket__department_id")
    places: dict[int, set[int]] = {contact_id: set() for contact_id in sorted(contact_ids)}
    for contact_id, department_id in asked.union(taking_part):
        places[contact_id].add(department_id)
    index_contacts(places)


def _places_in(ticket_ids: Collection[int]) -> set[tuple[int, int]]:
    """Everybody who asks or takes part in these tickets, with the ticket's department."""
    if not ticket_ids:
        return set()
    asking = Ticket.objects.order_by().filter(id__in=ticket_ids).values_list("contact_id", "department_id")
    taking_part = Participant.objects.filter(ticket__in=ticket_ids).values_list("contact_id", "ticket__department_id")
    return set(asking.union(taking_part))
