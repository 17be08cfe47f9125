"""Times of iCalendar (RFC 5545 3.3.4, 3.3.5, 3.3.6) in zones that senders name as they like, to instants."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global

from tugi.channels.email.parsing.calendar_lines import Component, Property

_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z)?)?")
_DURATION = re.compile(r"([+-])?P(?:(\d{1,5})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?")
_OFFSET = re.compile(r"([+-])(\d\d)(\d\d)(?:\d\d)?")
_NTH_DAY = re.compile(r"([+-]?\d)?(MO|TU|WE|TH|FR|SA|SU)")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_IN_NAME = re.compile(r"[A-Z][A-Za-z_]{2,20}(?:/[A-Za-z_+-]{2,30}){1,2}")


@dataclass(frozen=True)
class Moment:
    """`value` is a date, a naive local time, or an instant in UTC; `zone` is the sender's by its IANA name or empty."""

    value: date | datetime
    zone: str = ""

    @property
    def is_day(self) -> bool:
        return not isinstance(self.value, datetime)

    def plus(self, span: timedelta) -> Moment | None:
        """That much later; None beyond the calendar."""
        try:
            return Moment(self.value + span, self.zone)
        except OverflowError:
            return None


def read_moment(told: Property | None, zones: dict[str, Component]) -> Moment | None:
    """None if nothing can be read. `zones` are the VTIMEZONE components of the calendar by their TZID."""
    match = _TIME.fullmatch(told.value) if told else None
    if told is None or match is None:
        return None
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
        if match[4] is None:
            return Moment(day)
        local = datetime(*day.timetuple()[:3], int(match[4]), int(match[5]), min(int(match[6] or 0), 59))  # noqa: DTZ001
        if match[7]:
            return Moment(local.replace(tzinfo=UTC))
        return _in_zone(local, told.params.get("TZID", ""), zones)
    except (ValueError, OverflowError):
        return None


def read_duration(text: str) -> timedelta | None:
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        return None
    weeks, days, hours, minutes, seconds = (int(each or 0) for each in match.groups()[1:])
    span = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -span if match[1] == "-" else span


def _in_zone(local: datetime, name: str, zones: dict[str, Component]) -> Moment:
    if known := zone_name(name):
        return Moment(local.replace(tzinfo=ZoneInfo(known)).astimezone(UTC), known)
    offset = _offset_at(local, zones[name]) if name in zones else None
    if offset is None:
        return Moment(local)
    return Moment((local - offset).replace(tzinfo=UTC))


@cache
def _zones() -> tuple[frozenset[str], dict[str, str]]:
    """IANA names, and those of Windows with what they mean."""
    return frozenset(available_timezones()), dict(get_global("windows_zone_mapping"))


def zone_name(name: str) -> str:
    """The IANA name of a zone, called so or as Windows does; empty if it is neither."""
    name = name.strip().strip('"')
    known, windows = _zones()
    if name in known:
        return name
    if name in windows:
        return windows[name]
    within = _IN_NAME.search(name[:200])
    return within[0] if within and within[0] in known else ""


def _offset_at(local: datetime, zone: Component) -> timedelta | None:
    """What the sender's own description of a zone says for that time: the onset last passed decides."""
    passed: list[tuple[datetime, timedelta]] = []
    for observance in [*zone.all("STANDARD"), *zone.all("DAYLIGHT")][:20]:
        offset = _read_offset(observance.text("TZOFFSETTO"))
        onset = _onset(observance, local)
        if offset is not None and onset is not None:
            passed.append((onset, offset))
    return max(passed)[1] if passed else None


def _onset(observance: Component, local: datetime) -> datetime | None:
    """When the observance began last, before `local`."""
    match = _TIME.fullmatch(observance.text("DTSTART"))
    if match is None or match[4] is None:
        return None
    hour, minute = int(match[4]), int(match[5])
    rule = dict(pair.partition("=")[::2] for pair in observance.text("RRULE").upper().split(";")[:20])
    month = rule.get("BYMONTH", match[2])
    nth = _NTH_DAY.fullmatch(rule.get("BYDAY", ""))
    try:
        for year in (local.year, local.year - 1):
            day = _nth_day(year, int(month), nth) if nth else date(year, int(month), int(match[3]))
            onset = datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001  local, as told
            if onset <= local:
                return onset
    except (ValueError, OverflowError):
        return None
    return None


def _nth_day(year: int, month: int, nth: re.Match[str]) -> date:
    weekday, number = _DAYS.index(nth[2]), int(nth[1] or 1)
    if number > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - weekday) % 7 + 7 * (-number - 1))


def _read_offset(text: str) -> timedelta | None:
    match = _OFFSET.fullmatch(text)
    if match is None:
        return None
    span = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return -span if match[1] == "-" else span
