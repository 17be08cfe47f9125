"""Events of the mail's calendars (RFC 5545, 5546), to be shown at the message. The calendars stay as files."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime, timedelta

from tugi.channels.email.parsing.bodies import Content
from tugi.channels.email.parsing.calendar_lines import Component, Property, read_components
from tugi.channels.email.parsing.calendar_times import Moment, read_duration, read_moment
from tugi.channels.email.parsing.charsets import decode
from tugi.channels.email.parsing.mime import Part
from tugi.channels.email.parsing.transfer import decoded
from tugi.core.invitations import Invitation, Recurrence
from tugi.core.text import normalise, shorten, single_line

MOST_EVENTS = 3
LARGEST_CALENDAR = 300_000
_MOST_CALENDARS = 3
_TYPES = ("text/calendar", "application/ics", "text/x-vcalendar")
_FREQUENCIES = ("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_METHODS = ("publish", "request", "reply", "add", "cancel", "refresh", "counter", "declinecounter")
_DAY = re.compile(r"[+-]?\d{0,2}(?:MO|TU|WE|TH|FR|SA|SU)")
_ANSWERS = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentative", "DELEGATED": "delegated"}


def read_invitations(content: Content) -> tuple[Invitation, ...]:
    """The first events of the mail, each once, though the calendar stands in it twice."""
    found: dict[tuple[str, str], Invitation] = {}
    parts = [part for part in content.files if _is_calendar(part)]
    for part in parts[:_MOST_CALENDARS]:
        for event in _events(part):
            found.setdefault((event.title, event.start + event.occurrence), event)
    return tuple(found.values())[:MOST_EVENTS]


def _is_calendar(part: Part) -> bool:
    return part.type in _TYPES or (
        part.type in ("application/octet-stream", "text/plain") and part.params.get("name", "").lower().endswith(".ics")
    )


def _events(part: Part) -> list[Invitation]:
    data = decoded(part)
    if len(data) > LARGEST_CALENDAR:
        return []
    file = hashlib.sha256(data).hexdigest()
    text = normalise(decode(data, part.params.get("charset", "") or "utf-8")[0])
    events: list[Invitation] = []
    for calendar in read_components(text).all("VCALENDAR")[:MOST_EVENTS]:
        method = (calendar.text("METHOD") or part.params.get("method", "")).strip().lower()
        zones = {each.text("TZID"): each for each in calendar.all("VTIMEZONE")[:20]}
        # The series first, then what deviates from it.
        ordered = sorted(calendar.all("VEVENT")[:200], key=lambda each: bool(each.text("RECURRENCE-ID")))
        read = (_event(each, method if method in _METHODS else "publish", zones, file) for each in ordered)
        events += [event for event in read if event is not None]
    return events[:MOST_EVENTS]


def _event(event: Component, method: str, zones: dict[str, Component], file: str) -> Invitation | None:
    start = read_moment(event.first("DTSTART"), zones)
    if start is None:
        return None
    organizer = event.first("ORGANIZER")
    attendee = event.first("ATTENDEE") if method in ("reply", "counter") else None
    once = read_moment(event.first("RECURRENCE-ID"), zones)
    return Invitation(
        method=method,
        title=shorten(single_line(event.text("SUMMARY")), 300),
        start=_iso(start),
        end=_iso(_end(event, start, zones)),
        is_all_day=start.is_day,
        zone=start.zone,
        place=shorten(single_line(event.text("LOCATION")), 500),
        description=shorten(normalise(event.text("DESCRIPTION")).strip(), 4_000),
        organizer_name=_name(organizer),
        organizer=_address(organizer),
        attendee=_name(attendee) or _address(attendee),
        answer=_ANSWERS.get(attendee.params.get("PARTSTAT", "").upper(), "") if attendee else "",
        is_cancelled=method == "cancel" or event.text("STATUS").upper() == "CANCELLED",
        is_update=method == "request" and event.text("SEQUENCE").strip("0 ") != "",
        occurrence=_iso(once),
        recurrence=_recurrence(event.text("RRULE")),
        file=file,
    )


def _end(event: Component, start: Moment, zones: dict[str, Component]) -> Moment | None:
    end = read_moment(event.first("DTEND"), zones)
    if end is None and (span := read_duration(event.text("DURATION"))):
        end = start.plus(span)
    if end is None and start.is_day:
        end = start.plus(timedelta(days=1))
    return end if end is not None and _can_follow(start, end) else None


def _can_follow(start: Moment, end: Moment) -> bool:
    """Is the end of the same kind, and not before the beginning?"""
    if start.is_day != end.is_day:
        return False
    if isinstance(start.value, datetime) and isinstance(end.value, datetime):
        same = (start.value.tzinfo is None) == (end.value.tzinfo is None)
        return same and end.value >= start.value
    return end.value >= start.value


def _iso(moment: Moment | None) -> str:
    return moment.value.isoformat() if moment else ""


def _recurrence(rule: str) -> Recurrence | None:
    told = dict(pair.strip().partition("=")[::2] for pair in rule.upper().split(";")[:30])
    every = told.get("FREQ", "")
    if every not in _FREQUENCIES:
        return None
    return Recurrence(
        every=every.lower(),
        interval=max(_number(told.get("INTERVAL", "")), 1),
        days=tuple(each.strip() for each in told.get("BYDAY", "").split(",")[:14] if _DAY.fullmatch(each.strip())),
        month_days=_numbers(told.get("BYMONTHDAY", ""), 31),
        months=tuple(each for each in _numbers(told.get("BYMONTH", ""), 12) if each > 0),
        count=_number(told.get("COUNT", "")),
        until=_until(told.get("UNTIL", "")),
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else 0


def _numbers(text: str, most: int) -> tuple[int, ...]:
    words = [each.strip() for each in text.split(",")[:31]]
    found = [-_number(word[1:]) if word.startswith("-") else _number(word.lstrip("+")) for word in words]
    return tuple(number for number in found if number and abs(number) <= most)


def _until(text: str) -> str:
    moment = read_moment(Property(text, {}), {})
    value: date | None = moment.value if moment else None
    if isinstance(value, datetime) and value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    return value.isoformat() if value else ""


def _name(person: Property | None) -> str:
    return shorten(single_line(person.params.get("CN", "")), 160) if person else ""


def _address(person: Property | None) -> str:
    value = person.value if person else ""
    return single_line(value[7:])[:320] if value[:7].lower() == "mailto:" else ""
