"""Who wrote a mail, and how well that is proven. Nothing else in Tugi looks at From (SECURITY A1)."""

from __future__ import annotations

from dataclasses import dataclass

from tugi.channels.email.authentication import vouched_domain
from tugi.channels.email.models import RawMail, Via
from tugi.channels.email.parsing import ParsedMail
from tugi.channels.email.routing import is_own
from tugi.core.config import is_loopback
from tugi.core.mail_addresses import Address, domain_to_ascii
from tugi.events import actors
from tugi.people.actions import find_or_add_contact
from tugi.people.models import Contact
from tugi.tickets.models import Proof

NOBODY = Address("", "nobody@unknown.invalid")
"""Stands for the author of a mail that names none (RFC 2606)."""
UNSURE = ("from_several", "from_twice", "from_reply-to", "from_return-path", "from_sender", "from_broken")


@dataclass(frozen=True)
class Sender:
    """`proof` is NONE, or SENDER if our own server vouches for the domain in From (DMARC, aligned)."""

    address: Address
    proof: Proof
    is_ours: bool = False


def read_sender(parsed: ParsedMail, raw: RawMail, own: frozenset[str]) -> Sender:
    """The author's address and its proof. One address in From, or there is no proof."""
    address = parsed.from_
    if address is None or not address.is_valid:
        return Sender(NOBODY if address is None else Address(address.name, NOBODY.addr), Proof.NONE)
    if is_own(address.addr, own):
        return Sender(address, Proof.NONE, is_ours=True)
    vouched = vouched_domain(parsed.auth_results, raw.mailbox.authserv_id) if _came_by_our_server(raw) else ""
    is_sure = not set(UNSURE) & set(parsed.problems)
    is_aligned = bool(vouched) and is_sure and vouched == domain_to_ascii(address.domain)
    return Sender(address, Proof.SENDER if is_aligned else Proof.NONE)


def add_people(sender: Sender, others: list[Address], *, language: str = "") -> tuple[Contact, list[Contact]]:
    """The contact who wrote the mail and those of `others`, found or added. Inside a transaction.

    A new writer starts with the language the mail is written in. All in the order of their addresses, and before
    any ticket is locked: two workers whose mails name the same strangers must not wait for each other.
    """
    writer, actor = sender.address, actors.system("channel")
    wanted = {each.key: each for each in (*others, writer)}
    found = {
        key: find_or_add_contact(
            email=key, name=_name(wanted[key]), language=language if key == writer.key else "", actor=actor
        )
        for key in sorted(wanted)
    }
    return found[writer.key], [found[each.key] for each in others if each.key != writer.key]


def _came_by_our_server(raw: RawMail) -> bool:
    """A stranger at the listener can write any header; our own server is on this machine."""
    return raw.via != Via.SMTP or is_loopback(raw.peer)


def _name(address: Address) -> str:
    return "" if "@" in address.name else address.name
