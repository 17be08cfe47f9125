"""Times as a person reads them: in the active time zone and language, relative or absolute.

The middleware that knows the reader activates both (`timezone.activate`, `translation.activate`); here they
are only used. Instants are aware datetimes; a naive one is refused by Django's `localtime`.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, format_timedelta
from babel.numbers import format_decimal
from babel.units import format_unit
from django.utils import timezone
from django.utils.translation import get_language, gettext, to_locale

from tugi.core import clock

Length = Literal["short", "medium", "long", "full"]
# Plain English here is that of the world, not of the United States: 24 hours, the day before the month.
ENGLISH = {"en": "en-150"}
DAY = timedelta(days=1)
UNITS = ("kilobyte", "megabyte", "gigabyte", "terabyte")


def locale() -> Locale:
    """Babel's locale of the active language; English where Babel knows no such language."""
    return _locale(get_language() or "en")


@lru_cache(maxsize=100)
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(to_locale(ENGLISH.get(language, language)))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_150")


def ago(instant: datetime) -> str:
    """How far from now, in words: "5 minutes ago", "in 2 hours"."""
    return format_timedelta(instant - clock.now(), add_direction=True, threshold=1.0, locale=locale())


def brief(instant: datetime) -> str:
    """The shortest form that tells: the hour today, "Yesterday", then the day, then the year too."""
    local, today, where = _as_read(instant)
    return _hour(local.hour, local.minute, where) if local.date() == today else _other_day(local, today, where)


def moment(instant: datetime) -> str:
    """The same, and the hour with every day: "Yesterday, 14:05"."""
    local, today, where = _as_read(instant)
    hour = _hour(local.hour, local.minute, where)
    return hour if local.date() == today else f"{_other_day(local, today, where)}, {hour}"


def absolute(instant: datetime) -> str:
    """Day and hour in full: "21 November 2026, 09:42"."""
    local, where = timezone.localtime(instant), locale()
    return f"{_day(local.date(), 'long', where)}, {_hour(local.hour, local.minute, where)}"


def _as_read(instant: datetime) -> tuple[datetime, date, Locale]:
    """The instant and the present day where the reader is, and the reader's language: each is asked for once, because
    a list asks for fifty."""
    zone = timezone.get_current_timezone()
    return timezone.localtime(instant, zone), clock.now().astimezone(zone).date(), locale()


def _other_day(local: datetime, today: date, where: Locale) -> str:
    if local.date() == today - DAY:
        return gettext("Yesterday")
    return _day(local.date(), "d MMM" if local.year == today.year else "d MMM y", where)


def hour(value: time) -> str:
    """An hour of the day as the language writes it: "09:42"."""
    return _hour(value.hour, value.minute, locale())


def day(value: date, length: Length = "long") -> str:
    """A calendar day: "21 November 2026". Of an instant, its day in the reader's zone."""
    return _day(timezone.localdate(value) if isinstance(value, datetime) else value, length, locale())


# A list shows few days and hours, and shows them often.
@lru_cache(maxsize=5000)
def _day(value: date, pattern: str, where: Locale) -> str:
    return format_date(value, pattern, locale=where)


@lru_cache(maxsize=5000)
def _hour(hour: int, minute: int, where: Locale) -> str:
    return format_time(time(hour, minute), "short", locale=where)


def duration(value: timedelta) -> str:
    """A length of time in at most two units: "1h 12m", "3d 4h". Below a minute: "0m"."""
    minutes = int(abs(value).total_seconds() // 60)
    counts = {"day": minutes // 1440, "hour": minutes // 60 % 24, "minute": minutes % 60}
    told = {unit: count for unit, count in counts.items() if count} or {"minute": 0}
    parts = [format_unit(count, f"duration-{unit}", "narrow", locale=locale()) for unit, count in told.items()]
    return " ".join(parts[:2])


def number(value: float) -> str:
    """A number grouped as the language groups it."""
    return format_decimal(value, locale=locale())


def size(count: int) -> str:
    """A count of bytes as a person reads it: "214 kB" (thousands of 1000, as disks and mail count).

    Less than a kilobyte is a part of one: the word for a byte has a plural that not every language's data knows.
    """
    value, step = count / 1000, 0
    while value >= 1000 and step < len(UNITS) - 1:
        value, step = value / 1000, step + 1
    rounded = round(value, 1) if value < 10 else round(value)
    least = 0.1 if count else 0
    return format_unit(max(rounded, least), f"digital-{UNITS[step]}", "short", locale=locale())
