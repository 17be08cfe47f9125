"""When a mail says it was written."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from tugi.channels.email.parsing.headers import Headers
from tugi.channels.email.parsing.parameters import without_comments

_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?")
_OLDEST = datetime(1980, 1, 1, tzinfo=UTC)


def written_at(headers: Headers, now: datetime) -> tuple[datetime | None, str]:
    """The time in UTC (None if there is none to be read) and a word for what was wrong; the future is cut to now."""
    values = [value for name in ("date", "resent-date", "delivery-date") for value in headers.plain_all(name)]
    at = next((found for value in values if (found := _parse(value))), None) or _received(headers)
    if at is None:
        return None, "date_missing"
    at = at.astimezone(UTC)
    if at > now + timedelta(minutes=5):
        return now, "date_in_future"
    return min(at, now), ""


def written_date(headers: Headers) -> datetime | None:
    """What the field Date says, in the zone it names; None without one, or if nobody can read it."""
    return next((found for value in headers.plain_all("date") if (found := _parse(value))), None)


def _parse(value: str) -> datetime | None:
    """In the zone it names. Only what is a time in UTC too, and not before there was mail."""
    value = without_comments(value[:200]).strip()
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        at = None
    at = at or _iso(value)
    if at is None:
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    try:
        return at if at.astimezone(UTC) >= _OLDEST else None
    except OverflowError:
        return None


def _iso(value: str) -> datetime | None:
    match = _ISO.search(value)
    if not match:
        return None
    try:
        return datetime(*(int(each or 0) for each in match.groups()), tzinfo=UTC)  # type: ignore[misc,arg-type]
    except ValueError:
        return None


def _received(headers: Headers) -> datetime | None:
    """When the first server that we see wrote its stamp."""
    value = headers.plain("received")
    return _parse(value.rpartition(";")[2]) if ";" in value else None
