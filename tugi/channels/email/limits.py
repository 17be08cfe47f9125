"""How many mails may leave: from a mailbox, whose provider counts, and to one address. Over that is later, not lost.

Counted in the database, so that all workers together keep to it.
"""

from __future__ import annotations

import hashlib
import random
from datetime import timedelta

from tugi.channels.email.models import Mailbox, OutboundKind, OutboundMessage
from tugi.core import limits
from tugi.core.mail_addresses import address_key
from tugi.core.reasons import reason
from tugi.events.senders import NotYet

TO_ONE_ADDRESS_AN_HOUR = 60
"""Replies. Mails that no person wrote are counted when they are decided on, and are far fewer."""
MINUTE, HOUR = 60.0, 3600.0
SHORTEST_WAIT = 5.0


def wait_for_room(row: OutboundMessage) -> None:
    """Count one mail of this row's mailbox, and one to each of its recipients. Raises NotYet where it is too many."""
    mailbox = row.mailbox
    for most, seconds in ((mailbox.most_a_minute, MINUTE), (mailbox.most_an_hour, HOUR)):
        if most and not limits.try_take(f"mail-from:{mailbox.pk}:{seconds:.0f}", most=most, seconds=seconds):
            raise NotYet(_mailbox_is_full(mailbox), wait=_pause(most, seconds))
    if row.kind == OutboundKind.REPLY:
        for address in row.still_to_reach:
            if not limits.try_take(_key(address), most=TO_ONE_ADDRESS_AN_HOUR, seconds=HOUR):
                raise NotYet(reason("mail.too_many_to", address=address), wait=_pause(TO_ONE_ADDRESS_AN_HOUR, HOUR))


def _mailbox_is_full(mailbox: Mailbox) -> str:
    return reason("mail.too_many_from", mailbox=mailbox.address)


def _key(address: str) -> str:
    return f"mail-to:{hashlib.sha256(address_key(address).encode()).hexdigest()[:32]}"


def _pause(most: int, seconds: float) -> timedelta:
    """Until there is room for one more, and by chance up to a tenth of the whole, so that not all come at once."""
    spread = seconds / 10 * random.random()  # noqa: S311  spreads retries, guards nothing
    return timedelta(seconds=max(seconds / most, SHORTEST_WAIT) + spread)
