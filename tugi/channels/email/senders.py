"""The two queues of mail: what came in and is to be read, what is to go out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.urls import reverse

from tugi.channels.email import folder, smtp
from tugi.channels.email.accounts import Account, smtp_account
from tugi.channels.email.actions import note_not_processed
from tugi.channels.email.actions.outbox import refusals
from tugi.channels.email.compose import Mail, compose
from tugi.channels.email.intake import take_in
from tugi.channels.email.limits import wait_for_room
from tugi.channels.email.models import OutboundKind, OutboundMessage, RawMail
from tugi.channels.email.outcomes import say_failed, say_sent
from tugi.channels.email.parsing.isolated import MailUnreadable
from tugi.core import clock
from tugi.core.mail_addresses import address_key
from tugi.core.reasons import reason
from tugi.events import actors
from tugi.events.senders import DeliveryError, NotYet, sender
from tugi.people.models import Identity, IdentityKind
from tugi.tickets.actions import make_link
from tugi.tickets.actions.delivery import begin_delivery, note_delay

READ_ATTEMPTS = 4
READ_AT_ONCE = 10
"""Mails a claim: claiming costs as much as half a mail."""
LEASE = timedelta(minutes=10)
SEND_ATTEMPTS = 15
"""With gaps that double from a minute to a day: given up after four and a half days, as mail servers do."""
READ_WITH = ("mailbox", "ticket", "contact", "message__agent", "message__ticket")
"""What composing reads of a row, fetched with the claim."""
SENT_AT_ONCE = 10
"""Rows a claim. They leave one after the other, over kept connections."""
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


@sender(
    "email.outbox",
    model=OutboundMessage,
    attempts=SEND_ATTEMPTS,
    lease=LEASE,
    at_once=2,
    batch=SENT_AT_ONCE,
    related=READ_WITH,
    on_sent=say_sent,
    on_failed=say_failed,
)
def deliver(row: OutboundMessage) -> None:
    """Hand one mail to the mailbox's server, or put it into the folder that stands for one.

    A second try is the same mail under the same Message-ID.
    """
    if row.kind == OutboundKind.REPLY and not begin_delivery(row.message_id or 0):
        return
    account = smtp_account(row.mailbox)
    if account is None and settings.MAIL_FOLDER is None:
        raise DeliveryError(reason("mail.no_server", mailbox=row.mailbox.address), permanent=True)
    with _delays_told(row):
        wait_for_room(row)
        mail = _composed(row)
        before = frozenset(row.refused)
        if account is None:
            folder.keep(row, mail)
            refused: dict[str, smtp.Refusal] = {}
        else:
            refused = _handed_over(row, account, mail)
        row.refused = _still_refused(row) | {address: each.words for address, each in refused.items()}
        row.sent_at, row.refused_before = clock.now(), before
        _try_again_where_put_off(row, [address for address, each in refused.items() if each.is_for_now])


def _handed_over(row: OutboundMessage, account: Account, mail: Mail) -> dict[str, smtp.Refusal]:
    try:
        return smtp.send(
            account,
            mail.raw,
            envelope_from=mail.envelope_from,
            recipients=mail.recipients,
            plain_from=mail.plain_from,
        )
    except smtp.AllRefused as error:
        row.refused |= {address: each.words for address, each in error.refusals.items()}
        row.save(update_fields=["refused"])
        raise


def _still_refused(row: OutboundMessage) -> dict[str, str]:
    """Whom this try was not for: it went to those alone who were put off by the one before."""
    tried = {address_key(each) for each in row.still_to_reach}
    return {address: said for address, said in row.refused.items() if address_key(address) not in tried}


def _try_again_where_put_off(row: OutboundMessage, put_off: list[str]) -> None:
    """Some have it, and some were told to wait: write down who, for a try that goes to those alone."""
    if not put_off:
        return
    row.deferred = put_off
    row.save(update_fields=["sent_at", "refused", "deferred"])
    raise DeliveryError(refusals(row))


@contextmanager
def _delays_told(row: OutboundMessage) -> Iterator[None]:
    """What will be tried again may take days: its reply says why, from the first try on."""
    try:
        yield
    except (DeliveryError, NotYet) as error:
        is_over = isinstance(error, DeliveryError) and error.permanent
        if row.kind == OutboundKind.REPLY and row.message_id is not None and not is_over:
            note_delay(row.message_id, error=error.reason, actor=actors.system("channel"))
        raise


def _composed(row: OutboundMessage) -> Mail:
    try:
        return compose(row, link=_link(row))
    except FileNotFoundError as error:
        raise DeliveryError(reason("mail.file_gone"), permanent=True) from error


def _link(row: OutboundMessage) -> str:
    """The address of the ticket's page, made for the requester; empty if anybody else would read it."""
    if len(row.to) != 1 or row.cc:
        return ""
    own = Identity.objects.filter(contact=row.contact, kind=IdentityKind.EMAIL, value=address_key(row.to[0]))
    if not own.exists():
        return ""
    key = make_link(row.ticket_id, contact_id=row.contact_id)
    return f"{settings.PUBLIC_URL}{reverse('portal:ticket', args=[key])}"
