"""What a machine of ours may send (SECURITY A4). No header tells all machines, so what is sent is counted as well.

Two walls, both in the database: for one address, so that no pair of machines talks and nobody is flooded through us;
and for a mailbox and the desk, whose automatic mail stops altogether when it is far more than a desk has to say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from tugi.channels.email.events import AcknowledgementWithheld, AutomaticMailResumed, AutomaticMailStopped
from tugi.channels.email.models import AutomaticMail, AutomaticPause, Mailbox, RawMail
from tugi.core import clock, limits
from tugi.core.errors import Conflict
from tugi.core.inserting import insert_unless_there
from tugi.core.mail_addresses import address_key
from tugi.core.subjects import strip_prefixes, strip_token
from tugi.events.actors import Actor
from tugi.events.log import append
from tugi.tickets.models import Message, Proof

DAY = timedelta(hours=24)
MOST_A_DAY = 10
MOST_AT_ONCE = 2
"""To one address in a day, unless a person seems to sit there: proven, writing of something else, and not at once."""
PACE = timedelta(hours=1)
MOST_OF_THE_DESK = 10_000
"""In an hour, all mailboxes together."""
HOUR = 3600.0
PAUSE = timedelta(hours=1)


@dataclass(frozen=True)
class _Told:
    at: datetime
    subject: str


def allowed(raws: Iterable[RawMail], *, actor: Actor) -> Iterator[RawMail]:
    """Those of the mails whose writers may be told by a machine, each counted. What is withheld is said in the log.

    Inside the transaction that writes what is sent.
    """
    raws = list(raws)
    told = _told_today(address_key(_message(raw).author_address) for raw in raws)
    by_mailbox: dict[int, list[RawMail]] = defaultdict(list)
    for raw in raws:
        before = told[address_key(_message(raw).author_address)]
        if _is_one_too_many(_message(raw), before):
            _withhold(raw, actor=actor)
        else:
            before.append(_Told(clock.now(), _message(raw).ticket.subject))
            by_mailbox[raw.mailbox_id].append(raw)
    for mailbox_id, wanted in by_mailbox.items():
        most = room(mailbox_id, len(wanted), actor=actor)
        yield from wanted[:most]
        for raw in wanted[most:]:
            _withhold(raw, is_stopped=True, actor=actor)


@transaction.atomic
def resume(pause_id: int, *, actor: Actor) -> None:
    """Let automatic mail leave again, with a full measure. Raises Conflict if it does already."""
    pause = AutomaticPause.objects.select_for_update().filter(id=pause_id).first()
    if pause is None:
        raise Conflict
    limits.refill(pause.key)
    append(AutomaticMailResumed(mailbox_id=pause.mailbox_id or 0), actor=actor)
    pause.delete()


def _is_one_too_many(message: Message, before: list[_Told]) -> bool:
    if len(before) < MOST_AT_ONCE:
        return False
    if message.proof == Proof.NONE or len(before) >= MOST_A_DAY:
        return True
    subject = _core(message.ticket.subject)
    # A machine answers at once, or repeats itself.
    return max(each.at for each in before) > clock.now() - PACE or any(
        _core(each.subject) == subject for each in before
    )


def _core(subject: str) -> str:
    """What is the same in all subjects of one machine: without prefixes, tokens, and numbers."""
    return "".join(letter for letter in strip_prefixes(strip_token(subject)).lower() if letter.isalpha())


def _told_today(keys: Iterable[str]) -> defaultdict[str, list[_Told]]:
    """The automatic mails that each of these addresses got within a day."""
    recent = AutomaticMail.objects.filter(address_key__in=set(keys), decided_at__gt=clock.now() - DAY)
    found: defaultdict[str, list[_Told]] = defaultdict(list)
    for key, at, subject in recent.order_by("id").values_list("address_key", "decided_at", "ticket__subject"):
        found[key].append(_Told(at, subject))
    return found


def room(mailbox_id: int, wanted: int, *, actor: Actor) -> int:
    """How many of these may leave; over the limit automatic mail stops for a while, and that is told."""
    if AutomaticPause.objects.filter(Q(mailbox_id=mailbox_id) | Q(mailbox=None), until__gt=clock.now()).exists():
        return 0
    most = Mailbox.objects.values_list("automatic_an_hour", flat=True).get(pk=mailbox_id)
    left = limits.take_some(_key(mailbox_id), wanted, most=most, seconds=HOUR) if most else wanted
    if left < wanted:
        _stop(mailbox_id, actor=actor)
    room_of_desk = limits.take_some(_key(None), left, most=MOST_OF_THE_DESK, seconds=HOUR)
    if room_of_desk < left:
        _stop(None, actor=actor)
    return room_of_desk


def _stop(mailbox_id: int | None, *, actor: Actor) -> None:
    AutomaticPause.objects.filter(key=_key(mailbox_id), until__lte=clock.now()).delete()
    now = clock.now()
    pause = AutomaticPause(key=_key(mailbox_id), mailbox_id=mailbox_id, since=now, until=now + PAUSE)
    if insert_unless_there(pause):
        append(AutomaticMailStopped(mailbox_id=mailbox_id or 0), actor=actor)


def _withhold(raw: RawMail, *, is_stopped: bool = False, actor: Actor) -> None:
    ticket = _message(raw).ticket
    fact = AcknowledgementWithheld(ticket_id=ticket.pk, department_id=ticket.department_id, is_stopped=is_stopped)
    append(fact, actor=actor)


def _key(mailbox_id: int | None) -> str:
    return f"automatic-mail:{mailbox_id or 'desk'}"


def _message(raw: RawMail) -> Message:
    assert raw.message is not None
    return raw.message
