"""Which of our mailboxes an address reaches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from tugi.channels.email.marks import without_token
from tugi.channels.email.models import Mailbox
from tugi.core.mail_addresses import Address, address_key
from tugi.core.prepared import prepared

MOST_ROUTES = 10


def mailbox_for(address: str) -> Mailbox | None:
    """The active mailbox with this address or alias; plus parts, ours or the sender's, lead to it as well."""
    rows = _active_addresses()
    for spelling in _spellings(address):
        for mailbox_id, own, aliases in rows:
            if spelling in map(address_key, (own, *aliases)):
                return _by_id.first(mailbox_id)
    return None


def reached_mailbox(mailbox: Mailbox, delivered_to: Sequence[str]) -> Mailbox:
    """The mailbox that a fetched mail was meant for: that of the address by which it came (MAIL 1.7).

    One account may take in the mail of several addresses. A mailbox that is fetched by itself gets its own copy, and
    a mail that names none of ours, or names this one too, stays where it came.
    """
    if any(set(_spellings(address)) & mailbox.keys for address in delivered_to):
        return mailbox
    for address in delivered_to[:MOST_ROUTES]:
        other = mailbox_for(address)
        if other is not None and not Mailbox.objects.fetched().filter(pk=other.pk).exists():
            return other
    return mailbox


def own_addresses() -> frozenset[str]:
    """Every address of ours, of inactive mailboxes too, as comparable keys."""
    return _keys(tuple((address, *aliases) for address, aliases in _all_addresses()))


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


@lru_cache(maxsize=2)
def _keys(mailboxes: tuple[tuple[str, ...], ...]) -> frozenset[str]:
    return frozenset(address_key(each) for addresses in mailboxes for each in addresses)


@prepared
def _all_addresses() -> QuerySet[Mailbox, tuple[str, list[str]]]:
    return Mailbox.objects.order_by().values_list("address", "aliases")


@prepared
def _active_addresses() -> QuerySet[Mailbox, tuple[int, str, list[str]]]:
    return Mailbox.objects.active().values_list("id", "address", "aliases")


@prepared
def _by_id(mailbox_id: Any) -> QuerySet[Mailbox]:
    return Mailbox.objects.only("address", "department").filter(pk=mailbox_id)


def _spellings(address: str) -> list[str]:
    bare = without_token(address)
    return [address_key(each) for each in (address, bare, Address("", bare).without_plus().addr)]
