"""Who wrote a mail, and how well that is proven. Nothing else in Tugi looks at From (SECURITY A1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.conf import settings

from tugi.channels.email.authentication import vouched_domain
from tugi.channels.email.models import RawMail, Via
from tugi.channels.email.parsing import ParsedMail
from tugi.channels.email.routing import is_own
from tugi.core.config import is_loopback
from tugi.core.mail_addresses import Address, domain_to_ascii, parse_addresses
from tugi.events import actors
from tugi.people.actions import add_contact, find_or_add_contact
from tugi.people.models import Agent, Contact
from tugi.tickets.models import Proof

NOBODY = Address("", "nobody@unknown.invalid")
"""Stands for the author of a mail that names none (RFC 2606)."""
UNSURE = ("from_several", "from_twice", "from_reply-to", "from_return-path", "from_sender", "from_broken")
ORIGINAL = ("x-original-from", "x-original-sender")
"""Where a group list names the author if it writes itself into From (Google Groups)."""


@dataclass(frozen=True)
class Sender:
    """`proof` is NONE, or SENDER if the domain in From is proven (DMARC, aligned): our own server vouches for it, or
    our own check found it so."""

    address: Address
    proof: Proof
    is_ours: bool = False


def check_sender(parsed: ParsedMail, raw: RawMail, content: bytes) -> None:
    """Ask DNS who sent a mail that a stranger brought to our listener, once, and keep the answer with the raw mail.

    Takes seconds where DNS is slow: not for a transaction.
    """
    address = parsed.from_
    if raw.authentication is not None or settings.DNS is None or not _came_from_outside(raw):
        return
    if address is None or not address.is_valid or not _is_sure(parsed):
        return
    # Here, because a desk behind a mail server of its own never needs these six megabytes.
    from tugi.channels.email.verification import verify_sender

    finding = verify_sender(
        content,
        domain=domain_to_ascii(address.domain),
        envelope_from=raw.envelope_from or "",
        peer=raw.peer,
        servers=settings.DNS,
    )
    unasked = RawMail.objects.filter(pk=raw.pk, authentication__isnull=True)
    if not unasked.update(authentication=asdict(finding)):
        raw.refresh_from_db(fields=["authentication"])
    else:
        raw.authentication = asdict(finding)


def read_sender(parsed: ParsedMail, raw: RawMail, own: frozenset[str]) -> Sender:
    """The author's address and its proof. One address in From, or there is no proof."""
    address = parsed.from_
    if address is None or not address.is_valid:
        return Sender(NOBODY if address is None else Address(address.name, NOBODY.addr), Proof.NONE)
    original = _behind_list(parsed, address, own)
    if original is not None:
        return Sender(original, Proof.NONE, is_ours=is_own(original.addr, own))
    if is_own(address.addr, own):
        return Sender(address, Proof.NONE, is_ours=True)
    proven = _proven_domain(parsed, raw)
    is_aligned = bool(proven) and _is_sure(parsed) and proven == domain_to_ascii(address.domain)
    return Sender(address, Proof.SENDER if is_aligned else Proof.NONE)


def agent_of(sender: Sender) -> Agent | None:
    """The active agent who has proven to be the sender; nobody without a proof."""
    if sender.proof != Proof.SENDER:
        return None
    return Agent.objects.filter(email__iexact=sender.address.addr, is_active=True).first()


def add_people(sender: Sender, others: list[Address], *, language: str = "") -> tuple[Contact, list[Contact]]:
    """The contact who wrote the mail and those of `others`, found or added. Inside a transaction.

    A new writer starts with the language the mail is written in; one whom the mail does not name is a contact without
    an address, each time another one. All in the order of their addresses, and before
    any ticket is locked: two workers whose mails name the same strangers must not wait for each other.
    """
    writer, actor = sender.address, actors.system("channel")
    is_nobody = writer.addr == NOBODY.addr
    wanted = {each.key: each for each in (others if is_nobody else (*others, writer))}
    found = {
        key: find_or_add_contact(
            email=key, name=_name(wanted[key]), language=language if key == writer.key else "", actor=actor
        )
        for key in sorted(wanted)
    }
    if is_nobody:
        found[writer.key] = add_contact(name=_name(writer), language=language, actor=actor)
    return found[writer.key], [found[each.key] for each in others if each.key != writer.key]


def _is_sure(parsed: ParsedMail) -> bool:
    """Is it clear who is in From?"""
    return not set(UNSURE) & set(parsed.problems)


def _proven_domain(parsed: ParsedMail, raw: RawMail) -> str:
    """The domain that is proven to have sent the mail; empty if none is."""
    if not _came_from_outside(raw):
        return vouched_domain(parsed.auth_results, raw.mailbox.authserv_id)
    found = raw.authentication or {}
    return str(found["domain"]) if found.get("result") == "pass" else ""


def _came_from_outside(raw: RawMail) -> bool:
    """A stranger at the listener can write any header; our own server is on this machine."""
    return raw.via == Via.SMTP and not is_loopback(raw.peer)


def _behind_list(parsed: ParsedMail, address: Address, own: frozenset[str]) -> Address | None:
    """The author behind a list that put its own address, or one of ours, into From; None where From is the author's."""
    is_lists = is_own(address.addr, own) or address.key in _posting_addresses(parsed)
    if not (parsed.machine.is_list and is_lists):
        return None
    for name in ORIGINAL:
        for value in parsed.headers.get(name, [])[:1]:
            found = next((each for each in parse_addresses(value) if each.is_valid), None)
            if found is not None:
                return Address(found.name or address.name.partition(" via ")[0].strip("'\" "), found.addr)
    return None


def _posting_addresses(parsed: ParsedMail) -> Iterator[str]:
    """Where one writes to this list (RFC 2369)."""
    for value in parsed.headers.get("list-post", []):
        listed = value.strip(" <>").removeprefix("mailto:").partition("?")[0]
        yield from (each.key for each in parse_addresses(listed))


def _name(address: Address) -> str:
    return "" if "@" in address.name else address.name
