"""What follows for the outbox from what happens to tickets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower

from tugi.channels.email.actions.outbox import (
    cancel_reply,
    message_of,
    queue_acknowledgements,
    queue_reply,
    send_again,
)
from tugi.channels.email.actions.refusal import queue_refusal
from tugi.channels.email.events import ReplyRefused
from tugi.channels.email.intake import CHANNEL
from tugi.channels.email.models import OutboundMessage, RawMail
from tugi.channels.email.sender import NOBODY
from tugi.core.mail_addresses import is_address
from tugi.events import actors
from tugi.events.consumers import Said, batch_consumer, consumer
from tugi.events.facts import Fact
from tugi.events.models import Event
from tugi.people.models import Identity
from tugi.tickets.events import DeliveryChanged, LinksRevoked, ReplyWithdrawn, ReplyWritten, TicketOpened
from tugi.tickets.models import Delivery, Message

NEWS = timedelta(days=3)
"""A mail older than this when it comes in is not acknowledged."""
NEEDED = (
    "mailbox__address",
    "mailbox__language",
    "message__author_address",
    "message__proof",
    "message__created_at",
    "message__written_at",
    "message__ticket__number",
    "message__ticket__subject",
    "message__ticket__department_id",
    "message__ticket__language",
    "message__ticket__contact__language",
)
"""Of five long rows: every mail that opens a ticket reads them."""


@consumer("email.outbox", on=(ReplyWritten, ReplyWithdrawn, DeliveryChanged), imports=False)
def keep_outbox(event: Event, fact: Fact) -> None:
    """A row for each reply that is to leave by mail: written, cancelled, or tried again."""
    actor = actors.system("channel")
    if isinstance(fact, ReplyWithdrawn):
        cancel_reply(fact.message_id)
    elif isinstance(fact, ReplyWritten):
        message = _by_mail(fact.message_id)
        if message is not None and message.delivery == Delivery.WAITING:
            queue_reply(message, actor=actor)
    elif isinstance(fact, DeliveryChanged) and fact.delivery == Delivery.WAITING:
        message = _by_mail(fact.message_id)
        if message is not None and message.delivery == Delivery.WAITING:
            send_again(message, actor=actor)


@consumer("email.reply_addresses", on=(LinksRevoked,))
def revoke_reply_addresses(event: Event, fact: Fact) -> None:
    """With the links to a ticket's page go the reply addresses and Message-IDs that were sent with them."""
    if isinstance(fact, LinksRevoked):
        sent = OutboundMessage.objects.filter(ticket_id=fact.ticket_id, sent_at__lte=event.at)
        sent.update(reply_revoked=True)


@consumer("email.refusals", on=(ReplyRefused,), imports=False)
def tell_refused(event: Event, fact: Fact) -> None:
    """Tell whoever answered a ticket too late where to write."""
    if isinstance(fact, ReplyRefused):
        queue_refusal(fact.raw_mail_id, fact.ticket_id, contact_id=event.actor_id)


@batch_consumer("email.acknowledgements", on=(TicketOpened,), imports=False)
def acknowledge(said: Sequence[Said]) -> None:
    """Tell the customers that their requests are here. Never a machine, a list, a bounce or ourselves."""
    facts = [fact for _event, fact in said if isinstance(fact, TicketOpened) and fact.channel == CHANNEL]
    if not facts:
        return
    is_dead = Identity.objects.filter(
        contact=OuterRef("message__contact"),
        value=Lower(OuterRef("message__author_address")),
        undeliverable_at__isnull=False,
    )
    raws = (
        RawMail.objects.select_related("mailbox", "message__ticket__contact")
        .filter(message__ticket__in=[fact.ticket_id for fact in facts], may_answer=True, mailbox__is_active=True)
        .exclude(Exists(is_dead))
        .only(*NEEDED)
        .order_by("id")
    )
    to_tell = [raw for raw in raws if _may_be_told(message_of(raw))]
    queue_acknowledgements(to_tell, actor=actors.system("channel"))


def _by_mail(message_id: int) -> Message | None:
    messages = Message.objects.select_related("ticket__contact").filter(id=message_id, channel=CHANNEL)
    return messages.first()


def _may_be_told(message: Message) -> bool:
    """Is there an address, and is the mail news? (Our own never open a ticket.)

    A mailbox connected for the first time brings years of mail; its writers wait for no word of ours.
    """
    is_news = message.written_at is None or message.created_at - message.written_at < NEWS
    return is_news and is_address(message.author_address) and message.author_address != NOBODY.addr
