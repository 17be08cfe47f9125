"""How an event comes again (RFC 5545 3.3.10), in words. Nothing is counted out."""

from __future__ import annotations

import re
from datetime import date, datetime

from babel.dates import get_day_names
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tugi.core import dates
from tugi.core.invitations import Recurrence

_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_ORDER = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def in_words(again: Recurrence) -> str:
    """Such as "Every 2 weeks: Monday, Friday, until 1 March 2027"."""
    days = ", ".join(_day(each) for each in again.days) or ", ".join(map(_month_day, again.month_days))
    said = _every(again)
    said = f"{said}: {days}" if days else said
    return f"{said}, {limit}" if (limit := _limit(again)) else said


def _every(again: Recurrence) -> str:
    count = again.interval
    if again.every not in ("daily", "weekly", "monthly", "yearly"):
        return _("Again and again within a day")
    return _each(again.every) if count == 1 else _each_few(again.every, count)


def _each(every: str) -> str:
    words = {"daily": _("Every day"), "weekly": _("Every week"), "monthly": _("Every month"), "yearly": _("Every year")}
    return words[every]


def _each_few(every: str, count: int) -> str:
    words = {
        "daily": ngettext("Every %(count)s day", "Every %(count)s days", count),
        "weekly": ngettext("Every %(count)s week", "Every %(count)s weeks", count),
        "monthly": ngettext("Every %(count)s month", "Every %(count)s months", count),
        "yearly": ngettext("Every %(count)s year", "Every %(count)s years", count),
    }
    return words[every] % {"count": count}


def _day(told: str) -> str:
    match = _DAY.fullmatch(told)
    if match is None:
        return told
    name = get_day_names("wide", context="stand-alone", locale=dates.locale())[_ORDER.index(match[2])]
    number = int(match[1] or 0)
    if number == -1:
        return _("%(day)s (the last of the month)") % {"day": name}
    return _("%(day)s (number %(number)s of the month)") % {"day": name, "number": number} if number > 0 else name


def _month_day(number: int) -> str:
    return _("the last day of the month") if number == -1 else str(number)


def _limit(again: Recurrence) -> str:
    if again.count:
        return ngettext("%(count)s time", "%(count)s times", again.count) % {"count": again.count}
    if not again.until:
        return ""
    last = date.fromisoformat(again.until[:10])
    if "T" in again.until:
        last = timezone.localtime(datetime.fromisoformat(again.until)).date()
    return _("until %(day)s") % {"day": dates.day(last)}
