"""To whom a reply goes."""

from __future__ import annotations

from tugi.channels.email.routing import is_own, own_addresses
from tugi.core.mail_addresses import address_key, is_address
from tugi.people.models import Contact, Identity, IdentityKind
from tugi.tickets.models import Message, Participant

MOST_CC = 50


def recipients_of(message: Message) -> tuple[list[str], list[str]]:
    """To and Cc: what the agent chose, else the requester and who takes part. Never one of our own addresses."""
    chosen = bool(message.to or message.cc)
    to = list(message.to) or addresses_of([message.ticket.contact])[:1]
    cc = list(message.cc) if chosen else participants_of(message)
    own = own_addresses()
    to = _usable(to, own)
    taken = {address_key(each) for each in to}
    cc = [each for each in _usable(cc, own) if address_key(each) not in taken]
    return (to, cc[:MOST_CC]) if to else (cc[:1], cc[1:MOST_CC])


def addresses_of(contacts: list[Contact]) -> list[str]:
    """One e-mail address for each contact that has one: the one that works, the oldest of these."""
    found: dict[int, str] = {}
    rows = Identity.objects.filter(contact__in=contacts, kind=IdentityKind.EMAIL)
    for identity in sorted(rows, key=lambda row: (row.undeliverable_at is not None, row.pk)):
        found.setdefault(identity.contact_id, identity.value)
    return [found[contact.pk] for contact in contacts if contact.pk in found]


def participants_of(message: Message) -> list[str]:
    rows = Participant.objects.filter(ticket=message.ticket, removed_at=None).select_related("contact")
    return addresses_of([row.contact for row in rows.order_by("id")])


def contacts_of(addresses: list[str]) -> dict[str, int]:
    """Whose these addresses are, by their keys, so far as anybody has them."""
    keys = {address_key(each) for each in addresses}
    rows = Identity.objects.filter(kind=IdentityKind.EMAIL, value__in=keys)
    return dict(rows.values_list("value", "contact_id"))


def present_addresses(addresses: list[str], owners: dict[str, int]) -> dict[str, str]:
    """For each address the one under which its owner is reached now: itself where it works, or nobody had it."""
    working = set(
        Identity.objects.filter(
            kind=IdentityKind.EMAIL, value__in=[address_key(each) for each in addresses], undeliverable_at=None
        ).values_list("value", flat=True)
    )
    found: dict[str, str] = {}
    for each in addresses:
        key = address_key(each)
        owner = None if key in working else Contact.objects.filter(id=owners.get(key, 0)).first()
        found[each] = (addresses_of([owner])[:1] or [each])[0] if owner is not None else each
    return found


def _usable(addresses: list[str], own: frozenset[str]) -> list[str]:
    wanted = [each for each in addresses if is_address(each) and not is_own(each, own)]
    known = {address_key(each): each for each in reversed(wanted) if not each.endswith(".invalid")}
    return [each for each in wanted if known.get(address_key(each)) is each]
