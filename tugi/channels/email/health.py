"""How mail is: what came in and what became of it, what waits to be read or sent, and why.

No big table is counted: what is done stands in tallies, what is not done is few, and counted to a bound.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db.models import QuerySet

from tugi.channels.email.models import FolderReading, Mailbox, MailTally, OutboundMessage, Outcome, RawMail
from tugi.core import clock
from tugi.core.reasons import tell
from tugi.core.storage import Storage

MOST = 1000
"""Rows are counted up to here."""
MOST_REASONS = 3
LATE = timedelta(minutes=5)
RECENT = timedelta(days=1)
Tone = Literal["ok", "warning", "danger", "plain"]
GROUPS: tuple[tuple[str, tuple[Outcome, ...]], ...] = (
    ("tickets", (Outcome.OPENED,)),
    ("joined", (Outcome.JOINED, Outcome.THIRD_PARTY, Outcome.INTERNAL, Outcome.AGENT)),
    ("refused", (Outcome.REFUSED, Outcome.NOT_AGENT)),
    ("machines", (Outcome.BOUNCE, Outcome.REPORT, Outcome.LOOP)),
    ("duplicates", (Outcome.DUPLICATE,)),
    ("withheld", (Outcome.WITHHELD,)),
    ("not_given", (Outcome.NOT_GIVEN,)),
    ("too_large", (Outcome.TOO_LARGE,)),
)
GROUP_OF = {outcome.value: name for name, outcomes in GROUPS for outcome in outcomes}


@dataclass(frozen=True)
class Capped:
    """A count that stopped at its bound: `is_more` then."""

    value: int
    is_more: bool = False


@dataclass(frozen=True)
class Delay:
    """Why mails wait to be sent, how many, and when the first of them is tried again."""

    why: str
    count: Capped
    next_at: datetime


@dataclass(frozen=True)
class Outgoing:
    waiting: Capped
    late: Capped
    delays: tuple[Delay, ...]
    failed: Capped


@dataclass(frozen=True)
class Incoming:
    """`taken` is the sum of `groups`, of what is still to be read, and of what failed."""

    taken: Capped
    groups: dict[str, int]
    unread: Capped
    failed: Capped
    last_at: datetime | None


@dataclass(frozen=True)
class MailboxHealth:
    mailbox: Mailbox
    incoming: Incoming
    outgoing: Outgoing
    readings: tuple[FolderReading, ...]

    @property
    def missing(self) -> int:
        """Mails that lie on the server, that we have passed, and that are not here."""
        return sum(reading.missing for reading in self.readings)

    @property
    def to_fetch(self) -> int:
        return sum(reading.waiting for reading in self.readings)

    @property
    def is_fetching_late(self) -> bool:
        """It is fetched, nothing failed, and yet nobody has looked for long: no worker runs."""
        box = self.mailbox
        if not (box.is_active and box.imap_on) or box.failures:
            return False
        return (box.last_fetched_at or box.created_at) < clock.now() - LATE

    @property
    def tone(self) -> Tone:
        if not self.mailbox.is_active:
            return "plain"
        if self.mailbox.failures or self.missing or self.is_fetching_late:
            return "danger"
        if self.incoming.failed.value or self.outgoing.late.value or self.outgoing.failed.value:
            return "warning"
        return "ok"


@dataclass
class _Rows:
    """What was found of one mailbox."""

    tallies: Counter[str] = field(default_factory=Counter)
    last_at: datetime | None = None
    unread: int = 0
    failed: int = 0
    waiting: list[OutboundMessage] = field(default_factory=list)
    unsent: int = 0
    readings: list[FolderReading] = field(default_factory=list)


def healths(mailboxes: Iterable[Mailbox]) -> list[MailboxHealth]:
    """One for each of these mailboxes, in a number of queries that does not depend on theirs."""
    boxes = list(mailboxes)
    rows = {mailbox.pk: _Rows() for mailbox in boxes}
    more_in = _add_incoming(rows)
    more_out, more_unsent = _add_outgoing(rows)
    for reading in FolderReading.objects.filter(mailbox__in=rows):
        rows[reading.mailbox_id].readings.append(reading)
    return [
        MailboxHealth(
            mailbox=mailbox,
            incoming=_incoming(rows[mailbox.pk], is_more=more_in),
            outgoing=_outgoing(rows[mailbox.pk], is_more=more_out, is_more_unsent=more_unsent),
            readings=tuple(each for each in rows[mailbox.pk].readings if each.folder in mailbox.compared_folders),
        )
        for mailbox in boxes
    ]


def unprocessed(mailboxes: QuerySet[Mailbox]) -> Capped:
    """Mails that could not be processed."""
    return capped(RawMail.objects.filter(mailbox__in=mailboxes, state=RawMail.State.FAILED))


def capped(rows: QuerySet[Any]) -> Capped:
    """How many rows there are, counted to the bound."""
    count = len(rows.order_by().values_list("pk")[: MOST + 1])
    return Capped(min(count, MOST), is_more=count > MOST)


def storage_tone(room: Storage) -> Tone:
    if room.mark == 0:
        return "ok"
    return "danger" if room.mark >= 90 else "warning"


def _add_incoming(rows: dict[int, _Rows]) -> bool:
    for tally in MailTally.objects.filter(mailbox__in=rows):
        found = rows[tally.mailbox_id]
        found.tallies[GROUP_OF.get(tally.outcome, "machines")] += tally.count
        found.last_at = max(found.last_at or tally.last_at, tally.last_at)
    fresh = RawMail.objects.filter(is_counted=False, mailbox__in=rows).order_by("-id")
    told = list(fresh.values_list("mailbox_id", "state", "outcome", "received_at")[: MOST + 1])
    for mailbox_id, state, outcome, received_at in told[:MOST]:
        found = rows[mailbox_id]
        found.last_at = max(found.last_at or received_at, received_at)
        if state == RawMail.State.FAILED:
            found.failed += 1
        elif outcome:
            found.tallies[GROUP_OF.get(outcome, "machines")] += 1
        else:
            found.unread += 1
    return len(told) > MOST


def _add_outgoing(rows: dict[int, _Rows]) -> tuple[bool, bool]:
    mails = OutboundMessage.objects.filter(mailbox__in=rows)
    waiting = list(
        mails.filter(state=OutboundMessage.State.DUE)
        .order_by("due_at")
        .only("mailbox_id", "attempts", "last_error", "due_at")[: MOST + 1]
    )
    for mail in waiting[:MOST]:
        rows[mail.mailbox_id].waiting.append(mail)
    recent = mails.filter(state=OutboundMessage.State.FAILED, due_at__gt=clock.now() - RECENT)
    unsent = list(recent.order_by("-due_at").values_list("mailbox_id", flat=True)[: MOST + 1])
    for mailbox_id in unsent[:MOST]:
        rows[mailbox_id].unsent += 1
    return len(waiting) > MOST, len(unsent) > MOST


def _incoming(rows: _Rows, *, is_more: bool) -> Incoming:
    groups = {name: rows.tallies[name] for name, _outcomes in GROUPS}
    return Incoming(
        taken=_capped(sum(groups.values()) + rows.unread + rows.failed, is_more=is_more),
        groups=groups,
        unread=_capped(rows.unread, is_more=is_more),
        failed=_capped(rows.failed, is_more=is_more),
        last_at=rows.last_at,
    )


def _outgoing(rows: _Rows, *, is_more: bool, is_more_unsent: bool) -> Outgoing:
    tried = [mail for mail in rows.waiting if mail.attempts]
    late = sum(mail.due_at < clock.now() - LATE for mail in rows.waiting)
    return Outgoing(
        waiting=_capped(len(rows.waiting), is_more=is_more),
        late=_capped(late, is_more=is_more),
        delays=tuple(_delays(tried, is_more=is_more)),
        failed=_capped(rows.unsent, is_more=is_more_unsent),
    )


def _delays(mails: list[OutboundMessage], *, is_more: bool) -> list[Delay]:
    """The commonest reasons first; the mails come in the order in which they fall due."""
    by_reason: dict[str, list[OutboundMessage]] = {}
    for mail in mails:
        by_reason.setdefault(mail.last_error, []).append(mail)
    common = sorted(by_reason.items(), key=lambda each: len(each[1]), reverse=True)[:MOST_REASONS]
    return [Delay(tell(why), _capped(len(found), is_more=is_more), found[0].due_at) for why, found in common]


def _capped(count: int, *, is_more: bool) -> Capped:
    """Where rows were left out, a count of none may still be one of none."""
    return Capped(count, is_more and count > 0)
