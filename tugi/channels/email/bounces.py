"""What a delivery report does to the mail of ours that it is about."""

from __future__ import annotations

from collections.abc import Sequence

from tugi.channels.email.actions.outbox import note_acknowledgement_failed, refusals
from tugi.channels.email.marks import read_bounce_address, read_message_id
from tugi.channels.email.models import Mailbox, OutboundKind, OutboundMessage, Outcome
from tugi.channels.email.parsing import Bounce
from tugi.channels.email.parsing.mail import FailedRecipient
from tugi.core.mail_addresses import address_key
from tugi.core.reasons import reason
from tugi.core.text import shorten
from tugi.events import actors
from tugi.people.actions import mark_undeliverable
from tugi.tickets.actions import record_delivery
from tugi.tickets.actions.delivery import note_held_up
from tugi.tickets.models import Delivery

LONGEST_TEXT = 500


def take_bounce(bounce: Bounce, mailbox: Mailbox, came_to: Sequence[str] = ()) -> Outcome:
    """Note who did not get our mail, and mark dead addresses as undeliverable. Opens nothing, answers nothing.

    Only a report that came to the signed address of a mail of ours (among `came_to`), or names a genuine Message-ID,
    has any effect: others cost a forger nothing. A delay is shown as one.
    """
    row = _mail_of(bounce, mailbox, came_to)
    actor = actors.system("channel")
    if row is not None and bounce.kind == "delayed" and row.message_id is not None and row.kind == OutboundKind.REPLY:
        note_held_up(row.message_id, error=reason("mail.held_up", _words(bounce)), actor=actor)
    if row is None or not bounce.is_failure:
        return Outcome.REPORT
    if row.kind == OutboundKind.ACKNOWLEDGEMENT:
        note_acknowledgement_failed(row.ticket, actor=actor)
    elif row.message_id is not None:
        _note_refused(row, bounce)
        if not _is_under_way(row):
            delivery = Delivery.FAILED if row.reached_nobody else Delivery.SENT
            error = refusals(row) or reason("mail.came_back", _words(bounce))
            record_delivery(row.message_id, delivery=delivery, error=error, actor=actor)
    if bounce.kind == "permanent":
        for address in _dead(bounce, row):
            mark_undeliverable(address, actor=actor)
    return Outcome.BOUNCE


def _mail_of(bounce: Bounce, mailbox: Mailbox, came_to: Sequence[str]) -> OutboundMessage | None:
    rows = OutboundMessage.objects.select_for_update(of=("self",))
    for row_id in filter(None, map(read_bounce_address, came_to)):
        row = rows.filter(pk=row_id, mailbox=mailbox).first()
        if row is not None:
            return row
    mail_id = bounce.original_message_id
    if read_message_id(mail_id) is None:
        return None
    return rows.filter(mail_id=mail_id.lower(), mailbox=mailbox).first()


def _is_under_way(row: OutboundMessage) -> bool:
    """Another try has been asked for: what becomes of that one counts."""
    asked = row.message is not None and row.message.delivery == Delivery.WAITING
    return asked or row.state in (OutboundMessage.State.DUE, OutboundMessage.State.CLAIMED)


def _note_refused(row: OutboundMessage, bounce: Bounce) -> None:
    """Whom the report names among those we wrote to. Of one recipient it is clear without a name."""
    failed = {address_key(each.addr): each.text or each.status for each in _failed(bounce)}
    if len(row.everybody) == 1 and address_key(row.everybody[0]) not in failed:
        failed = {address_key(row.everybody[0]): bounce.recipients[0].text if bounce.recipients else ""}
    for each in row.everybody:
        if address_key(each) in failed:
            row.refused[each] = shorten(failed[address_key(each)], LONGEST_TEXT)
    row.save(update_fields=["refused"])


def _failed(bounce: Bounce) -> list[FailedRecipient]:
    return [each for each in bounce.recipients if each.action in ("failed", "")]


def _words(bounce: Bounce) -> str:
    lines = [f"{each.addr}: {each.text or each.status}".strip(": ") for each in bounce.recipients]
    return shorten("\n".join(lines), LONGEST_TEXT)


def _dead(bounce: Bounce, row: OutboundMessage) -> list[str]:
    """The failed recipients among those we wrote to; a report cannot shut off anybody else."""
    written_to = {address_key(each) for each in row.everybody}
    failed = {address_key(each.addr) for each in _failed(bounce)}
    return sorted(written_to & failed) or (sorted(written_to) if len(written_to) == 1 and not failed else [])
