"""Calendar events of a message as cards, in the reader's language and time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location
from django.utils import timezone
from django.utils.translation import gettext as _

from tugi.core import dates
from tugi.core.invitations import Invitation
from tugi.tickets.queries.recurrences import in_words


@dataclass(frozen=True)
class EventCard:
    """`when_there` is the same time in the organiser's zone, where that shows another hour."""

    what: str
    tone: str
    title: str
    when: str
    when_there: str
    again: str
    place: str
    organizer: str
    file: str


def cards_of(rows: list[dict[str, Any]], files: dict[str, str]) -> tuple[EventCard, ...]:
    """`files` are addresses of the message's files by SHA-256."""
    return tuple(_card(Invitation.from_data(row), files) for row in rows)


def _card(event: Invitation, files: dict[str, str]) -> EventCard:
    what, tone = _what(event)
    here = timezone.get_current_timezone()
    return EventCard(
        what=what,
        tone=tone,
        title=event.title or _("An event without a title"),
        when=_when(event, here, is_named=True),
        when_there=_there(event, here),
        again=in_words(event.recurrence) if event.recurrence and not event.occurrence else "",
        place=event.place,
        organizer=_organizer(event),
        file=files.get(event.file, ""),
    )


def _what(event: Invitation) -> tuple[str, str]:
    if event.method in ("reply", "counter"):
        return _answer(event)
    if event.is_cancelled:
        return _("Cancelled"), "danger"
    if event.occurrence:
        return _("One day of a series is changed"), "warning"
    if event.is_update:
        return _("Invitation, changed"), "warning"
    return (_("Invitation"), "accent") if event.method == "request" else (_("Event"), "")


def _answer(event: Invitation) -> tuple[str, str]:
    who = {"who": event.attendee or _("Somebody")}
    if event.method == "counter":
        return _("%(who)s proposes another time") % who, "warning"
    if event.answer == "accepted":
        return _("%(who)s accepts") % who, "ok"
    if event.answer == "declined":
        return _("%(who)s declines") % who, "danger"
    if event.answer == "tentative":
        return _("%(who)s may come") % who, "warning"
    return _("%(who)s answers") % who, ""


def _organizer(event: Invitation) -> str:
    if event.organizer_name and event.organizer and event.organizer_name != event.organizer:
        return f"{event.organizer_name} <{event.organizer}>"
    return event.organizer_name or event.organizer


def _when(event: Invitation, zone: tzinfo, *, is_named: bool) -> str:
    if event.is_all_day:
        return _days(date.fromisoformat(event.start), date.fromisoformat(event.end or event.start))
    start = datetime.fromisoformat(event.start)
    end = datetime.fromisoformat(event.end) if event.end else None
    if start.tzinfo is None:
        return _("%(when)s, by the organiser's clock") % {"when": _span(start, end)}
    span = _span(start.astimezone(zone), end.astimezone(zone) if end else None)
    return f"{span} ({_name(zone)})" if is_named else span


def _days(first: date, after: date) -> str:
    last = after - timedelta(days=1)
    if last <= first:
        return _("%(day)s, all day") % {"day": dates.day(first, "full")}
    return f"{dates.day(first, 'full')} – {dates.day(last, 'full')}"


def _span(start: datetime, end: datetime | None) -> str:
    begins = f"{dates.day(start.date(), 'full')}, {dates.hour(start.time())}"
    if end is None or end == start:
        return begins
    if end.date() == start.date():
        return f"{begins}–{dates.hour(end.time())}"
    return f"{begins} – {dates.day(end.date(), 'full')}, {dates.hour(end.time())}"


def _there(event: Invitation, here: tzinfo) -> str:
    """Empty where the organiser's clock shows the same as the reader's."""
    if event.is_all_day or not event.zone or not event.start:
        return ""
    there, start = ZoneInfo(event.zone), datetime.fromisoformat(event.start)
    if start.astimezone(there).utcoffset() == start.astimezone(here).utcoffset():
        return ""
    return _("There: %(when)s (%(zone)s)") % {"when": _when(event, there, is_named=False), "zone": _name(there)}


def _name(zone: tzinfo) -> str:
    """The city that a zone is named by."""
    if not isinstance(zone, ZoneInfo) or "/" not in zone.key:
        return str(zone)
    return get_timezone_location(zone, locale=dates.locale(), return_city=True)
