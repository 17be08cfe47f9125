"""When people write and when the desk answers: mornings and the week's beginning most, nights and weekends least."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Tallinn")
OPENS, CLOSES = time(8, 30), time(17, 30)
BY_WEEKDAY = (1.6, 1.4, 1.1, 1.0, 0.9, 0.35, 0.3)
BY_HOUR = (1, 1, 1, 1, 1, 2, 4, 9, 18, 28, 27, 22, 17, 20, 21, 18, 15, 11, 9, 9, 9, 8, 5, 2)


def arrivals(count: int, start: datetime, end: datetime, rng: Random) -> list[datetime]:
    """So many moments between the two, as customers write; sorted."""
    hours = [start + timedelta(hours=place) for place in range(int((end - start) / timedelta(hours=1)))]
    weights = [_weight(hour) for hour in hours]
    found = rng.choices(hours, weights, k=count)
    return sorted(hour + timedelta(seconds=rng.randrange(3600)) for hour in found)


def working(moment: datetime, rng: Random) -> datetime:
    """The moment, or where it is off hours some minute of the next working morning."""
    there = moment.astimezone(ZONE)
    if there.weekday() < 5 and OPENS <= there.time() < CLOSES:
        return moment
    day = there.date() if there.time() < OPENS else there.date() + timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    opening = datetime.combine(day, OPENS, ZONE)
    return (opening + timedelta(minutes=rng.uniform(0, 110))).astimezone(moment.tzinfo)


def awake(moment: datetime, rng: Random) -> datetime:
    """The moment, or where people sleep some minute of the morning after."""
    there = moment.astimezone(ZONE)
    if 7 <= there.hour < 23:
        return moment
    morning = there.replace(hour=7, minute=0) + timedelta(days=int(there.hour >= 23))
    return (morning + timedelta(minutes=rng.uniform(0, 240))).astimezone(moment.tzinfo)


def about(minutes: float, rng: Random) -> timedelta:
    """A span that is often near `minutes`, seldom much longer."""
    return timedelta(minutes=max(2.0, rng.lognormvariate(0, 0.8) * minutes))


def _weight(moment: datetime) -> float:
    there = moment.astimezone(ZONE)
    return BY_WEEKDAY[there.weekday()] * BY_HOUR[there.hour]
