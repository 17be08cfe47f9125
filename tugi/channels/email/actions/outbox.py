"""Mail that goes out: written as rows by consumers, sent by a sender, counted where a machine decides."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from tugi.channels.email.actions.automatic import allowed
from tugi.channels.email.events import AcknowledgementFailed
from tugi.channels.email.letters import language_for
from tugi.channels.email.marks import OwnId, make_message_id
from tugi.channels.email.models import (
    AutomaticMail,
    Mailbox,
    OutboundKind,
    OutboundMessage,
    RawMail,
    TicketMailbox,
)
from tugi.channels.email.recipients import contacts_of, present_addresses, recipients_of
from tugi.channels.email.subject_lines import quiet_subject_line, subject_line
from tugi.core import clock
from tugi.core.mail_addresses import address_key
from tugi.core.reasons import reason
from tugi.events.actors import Actor
from tugi.events.log import append
from tugi.tickets.actions import record_delivery
from tugi.tickets.models import Delivery, Message, Proof, Ticket


@transaction.atomic
def queue_reply(message: Message, *, actor: Actor) -> OutboundMessage | None:
    """Write the reply's row, due when its undo window has passed; None, with the reason at the message, if
    there is nobody to send it to or no mailbox to send it from. Twice is as good as once."""
    ticket = message.ticket
    mailbox = mailbox_of(ticket)
    to, cc = recipients_of(message)
    if mailbox is None or not to:
        error = reason("mail.no_mailbox" if mailbox is None else "mail.no_address")
        record_delivery(message.pk, delivery=Delivery.FAILED, error=error, actor=actor)
        return None
    row, _is_new = OutboundMessage.objects.get_or_create(
        message=message,
        kind=OutboundKind.REPLY,
        defaults={
            "ticket": ticket,
            "contact": ticket.contact,
            "mailbox": mailbox,
            "to": to,
            "cc": cc,
            "contacts": contacts_of([*to, *cc]),
            "mail_id": make_message_id(OwnId(ticket.pk, "r", message.pk), mailbox.host),
            "subject": subject_line(ticket, language_for(ticket.contact, ticket, mailbox)),
            "due_at": message.send_at or clock.now(),
        },
    )
    return row


@transaction.atomic
def send_again(message: Message, *, actor: Actor) -> None:
    """Have a failed reply's row tried anew, with the same Message-ID; without a row, write one.

    It goes to those who did not get it, each at the address that works now; to nobody if nobody knows who they are.
    `sent_at` stays: links revoked meanwhile must know that the mail is out.
    """
    rows = OutboundMessage.objects.select_for_update(of=("self",))
    row = rows.filter(message=message, kind=OutboundKind.REPLY).first()
    if row is None:
        queue_reply(message, actor=actor)
    elif not row.still_to_reach:
        record_delivery(message.pk, delivery=Delivery.SENT, error=reason("mail.came_back"), actor=actor)
    elif row.state != OutboundMessage.State.CLAIMED:
        row.deferred = []
        _readdress(row)
        row.state, row.due_at, row.attempts, row.last_error = OutboundMessage.State.DUE, clock.now(), 0, ""
        row.save()


def refusals(row: OutboundMessage) -> str:
    """Who did not get it and why, one a line, as a reason; empty if all did."""
    said = "\n".join(f"{address}: {words}".strip(": ") for address, words in row.refused.items())
    return reason("desk.said", said) if said else ""


def cancel_reply(message_id: int) -> None:
    """Let the row of a withdrawn reply be. The sender asks the ticket as well, should it be faster."""
    due = OutboundMessage.objects.filter(message_id=message_id, state=OutboundMessage.State.DUE)
    due.update(state=OutboundMessage.State.CANCELLED)


@transaction.atomic
def queue_acknowledgements(raws: Iterable[RawMail], *, actor: Actor) -> None:
    """Write the rows of the mails that say "we have it" to those who wrote these, each ticket's once.

    Over the limit there is none, and the ticket's log says so (`automatic`).
    """
    first: dict[int, RawMail] = {}
    for raw in raws:
        first.setdefault(message_of(raw).ticket_id, raw)
    told = OutboundMessage.objects.filter(kind=OutboundKind.ACKNOWLEDGEMENT, ticket__in=first)
    for ticket_id in told.values_list("ticket_id", flat=True):
        del first[ticket_id]
    _write_acknowledgements(list(allowed(first.values(), actor=actor)))


@transaction.atomic
def note_acknowledgement_failed(ticket: Ticket, *, actor: Actor) -> None:
    """Say in the ticket's log that the acknowledgement was given up."""
    append(AcknowledgementFailed(ticket_id=ticket.pk, department_id=ticket.department_id), actor=actor)


def mailbox_of(ticket: Ticket) -> Mailbox | None:
    """Where answers come from: the mailbox the ticket came to, else its department's, else the desk's first."""
    link = TicketMailbox.objects.filter(ticket=ticket, mailbox__is_active=True).first()
    if link is not None:
        return link.mailbox
    active = Mailbox.objects.active()
    return active.filter(department_id=ticket.department_id).first() or active.first()


def message_of(raw: RawMail) -> Message:
    """The message that a mail has become. To be asked only of one that has."""
    assert raw.message is not None
    return raw.message


def _readdress(row: OutboundMessage) -> None:
    """Put the present address of a contact in the place of one that did not work."""
    wanted = row.still_to_reach
    present = present_addresses(wanted, row.contacts)
    words = {address_key(address): said for address, said in row.refused.items()}
    row.refused = {present[each]: words[address_key(each)] for each in wanted if address_key(each) in words}
    row.to = list(dict.fromkeys(present.get(each, each) for each in row.to))
    row.cc = [each for each in dict.fromkeys(present.get(each, each) for each in row.cc) if each not in row.to]
    row.contacts |= contacts_of(list(present.values()))


def _write_acknowledgements(raws: list[RawMail]) -> None:
    now = clock.now()
    AutomaticMail.objects.bulk_create(
        AutomaticMail(
            address_key=address_key(message_of(raw).author_address),
            ticket_id=message_of(raw).ticket_id,
            decided_at=now,
        )
        for raw in raws
    )
    OutboundMessage.objects.bulk_create(_acknowledgement(raw, message_of(raw)) for raw in raws)


def _acknowledgement(raw: RawMail, message: Message) -> OutboundMessage:
    ticket = message.ticket
    subject = quiet_subject_line if message.proof == Proof.NONE else subject_line
    return OutboundMessage(
        kind=OutboundKind.ACKNOWLEDGEMENT,
        ticket=ticket,
        message=message,
        contact_id=ticket.contact_id,
        mailbox=raw.mailbox,
        to=[message.author_address],
        mail_id=make_message_id(OwnId(ticket.pk, "a", message.pk), raw.mailbox.host),
        subject=subject(ticket, language_for(ticket.contact, ticket, raw.mailbox)),
    )
