"""The two queues of mail: what came in and is to be read, what is to go out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.urls import reverse

from tugi.channels.email import folder, smtp
from tugi.channels.email.accounts import smtp_account
from tugi.channels.email.actions import note_not_processed
from tugi.channels.email.actions.outbox import note_acknowledgement_failed, refusals
from tugi.channels.email.compose import Mail, compose
from tugi.channels.email.intake import take_in
from tugi.channels.email.models import OutboundKind, OutboundMessage, RawMail
from tugi.channels.email.parsing.isolated import MailUnreadable
from tugi.core import clock
from tugi.core.mail_addresses import address_key
from tugi.core.reasons import reason
from tugi.events import actors
from tugi.events.senders import DeliveryError, sender
from tugi.people.models import Identity, IdentityKind
from tugi.tickets.actions import make_link, note_acknowledgement, record_delivery
from tugi.tickets.actions.delivery import begin_delivery, note_delay
from tugi.tickets.models import Delivery

READ_ATTEMPTS = 4
READ_AT_ONCE = 10
"""Mails a claim: claiming costs as much as half a mail."""
LEASE = timedelta(minutes=10)
READING_FAILED = reason("mail.reading_failed")
UNREADABLE = {"time": reason("mail.too_much_time"), "memory": reason("mail.too_much_memory")}


def _say_not_processed(row: RawMail) -> None:
    note_not_processed(row, actor=actors.system("channel"))


@sender(
    "email.intake",
    model=RawMail,
    attempts=READ_ATTEMPTS,
    at_once=2,
    batch=READ_AT_ONCE,
    on_failed=_say_not_processed,
)
def read_mail(row: RawMail) -> None:
    """Make a mail that came in into a ticket or a message. What cannot be read stays, for a person to see."""
    try:
        take_in(row)
    except MailUnreadable as error:
        raise DeliveryError(UNREADABLE.get(error.reason, READING_FAILED)) from error
    except FileNotFoundError as error:
        raise DeliveryError(reason("mail.bytes_gone"), permanent=True) from error


def _say_sent(row: OutboundMessage) -> None:
    if row.refused_before is None:
        return
    actor = actors.system("channel")
    row.refused |= _noted_meanwhile(row, row.refused_before)
    OutboundMessage.objects.filter(pk=row.pk).update(sent_at=row.sent_at, refused=row.refused)
    if row.kind == OutboundKind.ACKNOWLEDGEMENT:
        note_acknowledgement(row.ticket_id, actor=actor)
    elif row.message_id is not None:
        delivery = Delivery.FAILED if row.reached_nobody else Delivery.SENT
        record_delivery(row.message_id, delivery=delivery, error=refusals(row), actor=actor)


def _noted_meanwhile(row: OutboundMessage, before: frozenset[str]) -> dict[str, str]:
    """Whom a report named while the mail was in our hands: reports are faster than a slow server's last word."""
    noted = OutboundMessage.objects.values_list("refused", flat=True).get(pk=row.pk)
    return {address: said for address, said in noted.items() if address not in before}


def _say_failed(row: OutboundMessage) -> None:
    actor = actors.system("channel")
    if row.kind == OutboundKind.ACKNOWLEDGEMENT:
        note_acknowledgement_failed(row.ticket, actor=actor)
    elif row.message_id is not None:
        row.refresh_from_db(fields=["refused"])
        delivery = Delivery.SENT if row.left_out and not row.reached_nobody else Delivery.FAILED
        record_delivery(row.message_id, delivery=delivery, error=row.last_error, actor=actor)


@sender(
    "email.outbox",
    model=OutboundMessage,
    lease=LEASE,
    at_once=2,
    on_sent=_say_sent,
    on_failed=_say_failed,
)
def deliver(row: OutboundMessage) -> None:
    """Hand one mail to the mailbox's server, or put it into the folder that stands for one.

    A second try is the same mail under the same Message-ID.
    """
    row = _whole(row)
    if row.kind == OutboundKind.REPLY and not begin_delivery(row.message_id or 0):
        return
    account = smtp_account(row.mailbox)
    if account is None and settings.MAIL_FOLDER is None:
        raise DeliveryError(reason("mail.no_server", mailbox=row.mailbox.address), permanent=True)
    mail = _composed(row)
    before = frozenset(row.refused)
    with _delays_told(row):
        if account is None:
            folder.keep(row, mail)
            row.refused = {}
        else:
            row.refused = smtp.send(account, mail.raw, envelope_from=mail.envelope_from, recipients=mail.recipients)
    row.sent_at, row.refused_before = clock.now(), before


@contextmanager
def _delays_told(row: OutboundMessage) -> Iterator[None]:
    """What will be tried again may take days: its reply says why, from the first try on."""
    try:
        yield
    except DeliveryError as error:
        if row.kind == OutboundKind.REPLY and row.message_id is not None and not error.permanent:
            note_delay(row.message_id, error=error.reason, actor=actors.system("channel"))
        raise


def _composed(row: OutboundMessage) -> Mail:
    try:
        return compose(row, link=_link(row))
    except FileNotFoundError as error:
        raise DeliveryError(reason("mail.file_gone"), permanent=True) from error


def _whole(row: OutboundMessage) -> OutboundMessage:
    """The row with what composing reads, fetched at once and kept on the row the framework holds."""
    full = OutboundMessage.objects.select_related(
        "mailbox", "ticket", "contact", "message__agent", "message__ticket"
    ).get(pk=row.pk)
    row.mailbox, row.ticket, row.contact, row.message = full.mailbox, full.ticket, full.contact, full.message
    return row


def _link(row: OutboundMessage) -> str:
    """The address of the ticket's page, made for the requester; empty if anybody else would read it."""
    if len(row.to) != 1 or row.cc:
        return ""
    own = Identity.objects.filter(contact=row.contact, kind=IdentityKind.EMAIL, value=address_key(row.to[0]))
    if not own.exists():
        return ""
    key = make_link(row.ticket_id, contact_id=row.contact_id)
    return f"{settings.PUBLIC_URL}{reverse('portal:ticket', args=[key])}"
