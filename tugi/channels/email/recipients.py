"""To whom a reply goes."""

from __future__ import annotations

from tugi.channels.email.routing import is_own, own_addresses
from tugi.core.mail_addresses import address_key, is_address
from tugi.people.models import Identity, IdentityKind
from tugi.tickets.models import Message
from tugi.tickets.queries.people import people_of
from tugi.tickets.queries.people import recipients_of as reply_goes_to

MOST_CC = 50


def recipients_of(message: Message) -> tuple[list[str], list[str]]:
    """To and Cc: what the agent chose, else the requester and who takes part. Never one of our own addresses."""
    to, cc = _chosen(message)
    own = own_addresses()
    to = _usable(to, own)
    taken = {address_key(each) for each in to}
    cc = [each for each in _usable(cc, own) if address_key(each) not in taken]
    return (to, cc[:MOST_CC]) if to else (cc[:1], cc[1:MOST_CC])


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
        found[each] = each if key in working else _address_of(owners.get(key, 0)) or each
    return found


def _address_of(contact_id: int) -> str:
    """The contact's address that works, the oldest of these; empty without one."""
    working = Identity.objects.filter(contact_id=contact_id, kind=IdentityKind.EMAIL, undeliverable_at=None)
    return working.order_by("id").values_list("value", flat=True).first() or ""


def _chosen(message: Message) -> tuple[list[str], list[str]]:
    """What the agent chose, else whom a reply to the ticket goes to."""
    to, cc = list(message.to), list(message.cc)
    if to:
        return to, cc
    default_to, default_cc = reply_goes_to(*people_of(message.ticket))
    return list(default_to), cc or list(default_cc)


def _usable(addresses: list[str], own: frozenset[str]) -> list[str]:
    wanted = [each for each in addresses if is_address(each) and not is_own(each, own)]
    known = {address_key(each): each for each in reversed(wanted) if not each.endswith(".invalid")}
    return [each for each in wanted if known.get(address_key(each)) is each]
