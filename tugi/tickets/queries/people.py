"""Who takes part in a ticket."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.translation import gettext

from tugi.core.dates import locale
from tugi.people.models import Contact, Identity
from tugi.tickets.models import Ticket

# A union, because for an OR PostgreSQL reads all contacts there are. Addresses that mail comes back from stand last, so
# that the first is the one to write to.
_PEOPLE = """
    SELECT c.id, c.name, c.language, c.time_zone, i.kind, i.value, o.name
    FROM people_contact AS c
    LEFT JOIN people_identity AS i ON i.contact_id = c.id
    LEFT JOIN people_contact_organisations AS co ON co.contact_id = c.id
    LEFT JOIN people_organisation AS o ON o.id = co.organisation_id
    WHERE c.id IN (
        SELECT t.contact_id FROM tickets_ticket AS t WHERE t.id = %s
        UNION SELECT p.contact_id FROM tickets_participant AS p WHERE p.ticket_id = %s AND p.removed_at IS NULL
    )
    ORDER BY c.id, i.undeliverable_at NULLS FIRST, i.id
"""


@dataclass
class ContactCard:
    id: int
    name: str
    language: str
    time_zone: str
    addresses: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    organisations: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return self.addresses[0] if self.addresses else ""

    @property
    def language_name(self) -> str:
        return language_name(self.language)

    @property
    def shown(self) -> str:
        return self.name or self.address or gettext("Unknown sender")


def people_of(ticket: Ticket) -> tuple[ContactCard, tuple[ContactCard, ...]]:
    """The requester and the others who take part, with their addresses. One query."""
    cards: dict[int, ContactCard] = {}
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, [ticket.pk, ticket.pk])
        for id_, name, language, zone, kind, value, organisation in cursor.fetchall():
            _note(cards.setdefault(id_, ContactCard(id_, name, language, zone)), kind, value, organisation)
    contact = cards.pop(ticket.contact_id)
    return contact, tuple(cards.values())


def _note(card: ContactCard, kind: Any, value: Any, organisation: Any) -> None:
    known = card.addresses if kind == "email" else card.phones
    for item, place in ((value, known), (organisation, card.organisations)):
        if item and item not in place:
            place.append(item)


def recipients_of(
    contact: ContactCard, participants: tuple[ContactCard, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """To and Cc of the next reply: the requester, and who takes part besides. Without the requester's address
    it goes to the first of the others."""
    to = (contact.address,) if contact.address else ()
    cc = tuple(card.address for card in participants if card.address and card.address not in to)
    return (to, cc) if to else (cc[:1], cc[1:])


def recipients_shown(to: tuple[str, ...], cc: tuple[str, ...]) -> str:
    """What the composer sends back of them, so that the reply goes to those whom the agent saw."""
    return "; ".join((", ".join(to), ", ".join(cc)))


def name_of(contact: Contact) -> str:
    """How a contact is called: by its name, or its first address."""
    if contact.name:
        return contact.name
    addresses = Identity.objects.filter(contact=contact).order_by("id").values_list("value", flat=True)
    return addresses.first() or gettext("Unknown sender")


def language_name(code: str) -> str:
    """The language's name in the reader's language: "Estonian"; the code itself where it is not known."""
    return str(locale().languages.get(code.partition("-")[0], code)).capitalize()
