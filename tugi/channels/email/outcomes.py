"""What became of a mail of ours, written where people see it. Called in the transaction that records the outcome."""

from __future__ import annotations

import re

from tugi.channels.email.actions.outbox import note_acknowledgement_failed, refusals
from tugi.channels.email.models import OutboundKind, OutboundMessage
from tugi.core.mail_addresses import address_key
from tugi.events import actors
from tugi.people.actions import mark_undeliverable
from tugi.tickets.actions import note_acknowledgement, record_delivery
from tugi.tickets.models import Delivery

_DEAD = re.compile(r"^5\d\d[ -]\D{0,3}5\.(?:1\.(?:1|2|3|6|10)|2\.1)(?!\d)")
"""No such mailbox, no such domain, moved away, shut down (RFC 3463). Not the bare number: with that servers refuse
for their rules, for our name, or for the weather."""


def say_sent(row: OutboundMessage) -> None:
    """It was handed over, at least to somebody."""
    if row.refused_before is None:
        return
    actor = actors.system("channel")
    if row.kind == OutboundKind.REPLY:
        row.refused |= _noted_meanwhile(row, row.refused_before)
    row.deferred = []
    OutboundMessage.objects.filter(pk=row.pk).update(sent_at=row.sent_at, refused=row.refused, deferred=[])
    mark_dead(row)
    if row.kind == OutboundKind.ACKNOWLEDGEMENT:
        note_acknowledgement(row.ticket, actor=actor)
    elif row.message_id is not None:
        delivery = Delivery.FAILED if row.reached_nobody else Delivery.SENT
        record_delivery(row.message_id, delivery=delivery, error=refusals(row), actor=actor)


def say_failed(row: OutboundMessage) -> None:
    """It was given up, for those at least who do not have it."""
    actor = actors.system("channel")
    row.refresh_from_db(fields=["refused"])
    mark_dead(row)
    if row.kind == OutboundKind.ACKNOWLEDGEMENT:
        note_acknowledgement_failed(row.ticket, actor=actor)
    elif row.message_id is not None:
        has_reached_some = bool(row.sent_at) and bool(row.left_out) and not row.reached_nobody
        delivery = Delivery.SENT if has_reached_some else Delivery.FAILED
        error = refusals(row) if has_reached_some else row.last_error
        record_delivery(row.message_id, delivery=delivery, error=error, actor=actor)


def mark_dead(row: OutboundMessage) -> None:
    """Note the addresses that the server itself calls dead, so that nobody writes to them again."""
    for address, said in row.refused.items():
        if _DEAD.match(said):
            mark_undeliverable(address_key(address), actor=actors.system("channel"))


def _noted_meanwhile(row: OutboundMessage, before: frozenset[str]) -> dict[str, str]:
    """Whom a report named while the mail was in our hands: reports are faster than a slow server's last word."""
    noted = OutboundMessage.objects.values_list("refused", flat=True).get(pk=row.pk)
    return {address: said for address, said in noted.items() if address not in before}
