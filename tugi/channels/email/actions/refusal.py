"""The mail that tells somebody that an answer came too late to be taken."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from tugi.channels.email.actions.automatic import room
from tugi.channels.email.letters import language_for
from tugi.channels.email.marks import OwnId, make_message_id
from tugi.channels.email.models import AutomaticMail, OutboundKind, OutboundMessage, RawMail
from tugi.channels.email.subject_lines import refusal_subject_line
from tugi.core import clock
from tugi.core.mail_addresses import address_key
from tugi.events import actors
from tugi.people.models import Contact, Identity, IdentityKind
from tugi.tickets.models import Ticket

MOST_A_DAY = 5


@transaction.atomic
def queue_refusal(raw_mail_id: int, ticket_id: int, *, contact_id: int | None) -> OutboundMessage | None:
    """Write the row, once for each mail; None if it was written before, without an address that works, or over
    the limit of the address, of the mailbox or of the desk.

    Counted with all that machines of ours send, so that two desks cannot refuse each other without end.
    """
    raw = RawMail.objects.select_related("mailbox").get(id=raw_mail_id)
    ticket = Ticket.objects.get(id=ticket_id)
    contact = Contact.objects.filter(id=contact_id or 0).first()
    address = _address_of(contact)
    if contact is None or not address or _is_told_enough(address):
        return None
    mail_id = make_message_id(OwnId(ticket.pk, "x", raw.pk), raw.mailbox.host)
    if OutboundMessage.objects.filter(mail_id=mail_id).exists():
        return None
    if not raw.mailbox.is_active or not room(raw.mailbox_id, 1, actor=actors.system("channel")):
        return None
    AutomaticMail.objects.create(address_key=address_key(address), ticket=ticket, decided_at=clock.now())
    return OutboundMessage.objects.create(
        mail_id=mail_id,
        kind=OutboundKind.REFUSAL,
        ticket=ticket,
        contact=contact,
        mailbox=raw.mailbox,
        to=[address],
        subject=refusal_subject_line(ticket, language_for(contact, ticket, raw.mailbox)),
    )


def _address_of(contact: Contact | None) -> str:
    working = Identity.objects.filter(contact=contact, kind=IdentityKind.EMAIL, undeliverable_at=None)
    return working.order_by("id").values_list("value", flat=True).first() or ""


def _is_told_enough(address: str) -> bool:
    since = clock.now() - timedelta(hours=24)
    recent = AutomaticMail.objects.filter(address_key=address_key(address), decided_at__gt=since)
    return recent.count() >= MOST_A_DAY
