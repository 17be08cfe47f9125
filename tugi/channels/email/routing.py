"""Which of our mailboxes an address reaches."""

from __future__ import annotations

from collections.abc import Iterable

from tugi.channels.email.marks import without_token
from tugi.channels.email.models import Mailbox
from tugi.core.mail_addresses import Address, address_key


def mailbox_for(address: str) -> Mailbox | None:
    """The active mailbox with this address or alias; plus parts, ours or the sender's, lead to it as well."""
    rows = list(Mailbox.objects.active().values_list("id", "address", "aliases"))
    for spelling in _spellings(address):
        for mailbox_id, own, aliases in rows:
            if spelling in map(address_key, (own, *aliases)):
                return Mailbox.objects.only("address", "department").get(pk=mailbox_id)
    return None


def own_addresses() -> frozenset[str]:
    """Every address of ours, of inactive mailboxes too, as comparable keys."""
    rows = Mailbox.objects.order_by().values_list("address", "aliases")
    return frozenset(address_key(each) for address, aliases in rows for each in (address, *aliases))


def is_own(address: str, own: frozenset[str]) -> bool:
    """Is this one of our addresses, with or without a plus part?"""
    return any(spelling in own for spelling in _spellings(address))


def is_ours(address: str) -> bool:
    """Does this address, a signed one for replies too, lead to a mailbox of ours?"""
    return is_own(address, own_addresses())


def others(addresses: Iterable[Address], own: frozenset[str]) -> list[Address]:
    """The usable addresses that are not ours, each once, in their order."""
    foreign = {each.key: each for each in addresses if each.is_valid and not is_own(each.addr, own)}
    return list(foreign.values())


def _spellings(address: str) -> list[str]:
    bare = without_token(address)
    return [address_key(each) for each in (address, bare, Address("", bare).without_plus().addr)]
