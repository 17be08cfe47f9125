"""Keys to a ticket's customer page: random, told once, kept as a hash, revocable."""

from __future__ import annotations

from django.db import transaction

from tugi.core import clock, crypto
from tugi.core.inserting import insert
from tugi.events.actors import Actor
from tugi.events.log import append
from tugi.tickets.events import LinksRevoked
from tugi.tickets.models import Ticket, TicketLink

PURPOSE = "ticket-link"


def make_link(ticket_id: int, *, contact_id: int) -> str:
    """A new key for this contact to this ticket. No event: the message that carries it is the fact."""
    key = crypto.random_token()
    insert(
        TicketLink(
            ticket_id=ticket_id,
            contact_id=contact_id,
            key_hash=crypto.token_hash(PURPOSE, key),
            created_at=clock.now(),
        )
    )
    return key


def link_for(key: str) -> TicketLink | None:
    """The link that this key opens, or None if there is none or it was revoked."""
    links = TicketLink.objects.select_related("ticket", "contact", "ticket__status")
    return links.filter(key_hash=crypto.token_hash(PURPOSE, key), revoked_at=None).first()


@transaction.atomic
def revoke_links(ticket_id: int, *, actor: Actor, contact_id: int | None = None) -> int:
    """Make the ticket's keys void, all or one contact's; gives how many there were.

    Those of tickets that were merged into it lead to the same page, and go with them.
    """
    tickets = _leading_to(Ticket.objects.get(id=ticket_id))
    links = TicketLink.objects.filter(ticket__in=tickets, revoked_at=None)
    if contact_id is not None:
        links = links.filter(contact_id=contact_id)
    revoked = links.update(revoked_at=clock.now())
    for each in tickets:
        append(LinksRevoked(ticket_id=each.pk, department_id=each.department_id), actor=actor)
    return revoked


def _leading_to(ticket: Ticket) -> list[Ticket]:
    """The ticket and all that went into it, however many times over."""
    found = newest = [ticket]
    while newest := list(Ticket.objects.filter(merged_into__in=newest).order_by("id")):
        found = [*found, *newest]
    return found
