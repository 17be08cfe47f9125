"""Which ticket a mail belongs to: reply address, own Message-ID, known foreign id, number, in this order.

The first two are tokens: only who got a mail of ours has them. The others anybody can write, so they
count for a participant whom our own mail server vouches for, and for nobody else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F

from tugi.channels.email import marks
from tugi.channels.email.models import KnownMessageId, Mailbox, OutboundKind, OutboundMessage, RawMail, TicketMailbox
from tugi.channels.email.parsing import ParsedMail
from tugi.core import subjects
from tugi.tickets.models import MessageKind, Participant, Ticket

MOST_IDS = 50
"""How many of a mail's references are looked up, the newest of them."""
LONGEST_CHAIN = 20


@dataclass(frozen=True)
class Thread:
    """A ticket that the mail names. `is_token`: by something that only recipients of our mail have.

    `merged_from` are the tickets that led to it by merging; who takes part in them takes part here.
    """

    ticket: Ticket
    is_token: bool
    merged_from: tuple[int, ...] = ()

    def takes_part(self, contact_id: int) -> bool:
        """Is this contact the requester, or a participant who was not removed?

        What the ticket itself says goes before what those merged into it say: whom an agent removed stays out.
        """
        if self.ticket.contact_id == contact_id:
            return True
        here = Participant.objects.filter(ticket=self.ticket, contact_id=contact_id).first()
        return here.removed_at is None if here else self._took_part_before(contact_id)

    def _took_part_before(self, contact_id: int) -> bool:
        if Ticket.objects.filter(id__in=self.merged_from, contact_id=contact_id).exists():
            return True
        present = Participant.objects.filter(ticket_id__in=self.merged_from, contact_id=contact_id, removed_at=None)
        return present.exists()


def find_threads(parsed: ParsedMail, raw: RawMail) -> Iterator[Thread]:
    """The tickets that the mail names, strongest first. They all belong to the mailbox that got the mail."""
    yield from _by_reply_address(parsed, raw)
    yield from _by_own_id(parsed, raw.mailbox)
    yield from _by_known_id(parsed, raw.mailbox)
    yield from _by_number(parsed, raw.mailbox)


def names_a_thread(parsed: ParsedMail, raw: RawMail) -> bool:
    """Does the mail say of itself that it follows something?"""
    return bool(
        parsed.in_reply_to
        or parsed.references
        or subjects.subject_tokens(parsed.subject)
        or subjects.is_reply_or_forward(parsed.subject)
        or any(marks.without_token(address) != address for address in recipients(parsed, raw))
    )


def find_agent_thread(parsed: ParsedMail, raw: RawMail) -> tuple[Thread, marks.AgentToken] | None:
    """The ticket to which an agent's reply address leads, and whose address it is; None without one."""
    for address in recipients(parsed, raw):
        token = marks.read_agent_reply_address(address)
        if token is not None and _came_to(raw.mailbox, token.ticket_id):
            for thread in _thread(token.ticket_id, is_token=True):
                return thread, token
    return None


def answers_note(parsed: ParsedMail, mailbox: Mailbox, ticket: Ticket) -> bool:
    """Does the mail answer, of all mails of this ticket, one that only the desk sees?"""
    newest = [each for each in _references(parsed)[:1] if marks.read_message_id(each) is None]
    known = KnownMessageId.objects.filter(mailbox=mailbox, id_hash__in=[id_hash(each) for each in newest])
    return bool(newest) and known.filter(message__ticket=ticket, message__kind=MessageKind.NOTE).exists()


def id_hash(message_id: str) -> str:
    return hashlib.sha256(message_id.encode("utf-8", "surrogatepass")).hexdigest()


def recipients(parsed: ParsedMail, raw: RawMail) -> list[str]:
    """Every address that the mail was sent to, as far as anybody says; those of the envelope first."""
    written = [address.addr for address in (*parsed.to, *parsed.cc)]
    return list(dict.fromkeys([*raw.envelope_to, *parsed.delivered_to, *written]))


def _by_reply_address(parsed: ParsedMail, raw: RawMail) -> Iterator[Thread]:
    for address in recipients(parsed, raw):
        row_id = marks.read_reply_address(address)
        if row_id is not None:
            row = OutboundMessage.objects.filter(id=row_id, mailbox=raw.mailbox, reply_revoked=False).first()
            if row is not None:
                yield from _thread(row.ticket_id, is_token=True)


def _by_own_id(parsed: ParsedMail, mailbox: Mailbox) -> Iterator[Thread]:
    for message_id in _references(parsed):
        own = marks.read_message_id(message_id)
        if own is not None and _is_live(own, message_id, mailbox):
            yield from _thread(own.ticket_id, is_token=True)


def _by_known_id(parsed: ParsedMail, mailbox: Mailbox) -> Iterator[Thread]:
    hashes = [id_hash(message_id) for message_id in _references(parsed)]
    if not hashes:
        return
    known = KnownMessageId.objects.filter(mailbox=mailbox, id_hash__in=hashes)
    # Not by the bare column: SQLite would rather walk all ids of the mailbox than sort the few that are found.
    newest = known.order_by((F("id") + 0).desc())[:MOST_IDS]
    rows = list(newest.values_list("id_hash", "message__ticket_id"))
    for ticket_id in dict.fromkeys(ticket for each in hashes for found, ticket in rows if found == each):
        yield from _thread(ticket_id, is_token=False)


def _by_number(parsed: ParsedMail, mailbox: Mailbox) -> Iterator[Thread]:
    numbers = subjects.subject_tokens(parsed.subject)[:10]
    links = TicketMailbox.objects.filter(mailbox=mailbox, ticket__number__in=numbers) if numbers else ()
    for link in links:
        yield from _thread(link.ticket_id, is_token=False)


def _is_live(own: marks.OwnId, message_id: str, mailbox: Mailbox) -> bool:
    """Was the mail that this id names sent from this mailbox, and is it not revoked?"""
    # What answers a refusal is a new request.
    ours = OutboundMessage.objects.filter(mailbox=mailbox, reply_revoked=False).exclude(kind=OutboundKind.REFUSAL)
    sent = ours.filter(pk=own.key, ticket=own.ticket_id) if own.kind == "t" else ours.filter(mail_id=message_id.lower())
    return sent.exists()


def _came_to(mailbox: Mailbox, ticket_id: int) -> bool:
    """Is the ticket this mailbox's? One that came to none is everybody's."""
    link = TicketMailbox.objects.filter(ticket=ticket_id).first()
    return link is None or link.mailbox_id == mailbox.pk


def _thread(ticket_id: int, *, is_token: bool) -> Iterator[Thread]:
    """The ticket, or the one it was merged into."""
    merged_from: list[int] = []
    ticket = Ticket.objects.filter(id=ticket_id).first()
    while ticket is not None and ticket.merged_into_id is not None and len(merged_from) < LONGEST_CHAIN:
        merged_from.append(ticket.pk)
        ticket = Ticket.objects.filter(id=ticket.merged_into_id).first()
    if ticket is not None and not ticket.is_merged:
        yield Thread(ticket, is_token=is_token, merged_from=tuple(merged_from))


def _references(parsed: ParsedMail) -> list[str]:
    """Newest first: what the mail answers, then what it refers to."""
    return list(dict.fromkeys([*parsed.in_reply_to, *parsed.references]))[:MOST_IDS]
