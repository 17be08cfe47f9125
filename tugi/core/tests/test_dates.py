"""Times, sizes and numbers as a person reads them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone, translation

from tugi.core import dates

NOW = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("before", "text"),
    [
        (timedelta(), "22:30"),
        (timedelta(hours=22), "00:30"),
        (timedelta(hours=23), "Yesterday"),
        (timedelta(days=3), "18 Nov"),
        (timedelta(days=400), "17 Oct 2025"),
    ],
)
def test_the_brief_form_says_just_enough(before: timedelta, text: str) -> None:
    with timezone.override(UTC):
        assert dates.brief(NOW - before) == text


@time_machine.travel(NOW, tick=False)
def test_a_moment_has_its_hour_whatever_the_day() -> None:
    with timezone.override(UTC):
        assert dates.moment(NOW) == "22:30"
        assert dates.moment(NOW - timedelta(hours=23)) == "Yesterday, 23:30"
        assert dates.moment(NOW - timedelta(days=3)) == "18 Nov, 22:30"


@time_machine.travel(NOW, tick=False)
def test_a_day_is_the_readers_day() -> None:
    with timezone.override(ZoneInfo("Europe/Tallinn")):
        assert dates.brief(NOW) == "00:30"
        assert dates.brief(NOW - timedelta(hours=1)) == "Yesterday"
        assert dates.absolute(NOW) == "22 November 2026, 00:30"


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "5 minutes ago"), ("ru", "5 минут назад"), ("ro", "acum 5 minute"), ("et", "5 minuti eest")],
)
def test_distance_is_said_in_the_readers_language(language: str, text: str) -> None:
    with translation.override(language):
        assert dates.ago(NOW - timedelta(minutes=5)) == text


def test_a_language_babel_does_not_know_is_read_as_english() -> None:
    with translation.override("xx"):
        assert dates.number(1214) == "1,214"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0m"), (59, "0m"), (480, "8m"), (4320, "1h 12m"), (273_600, "3d 4h"), (-480, "8m")]
)
def test_a_length_of_time_has_at_most_two_units(seconds: int, text: str) -> None:
    assert dates.duration(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 kB"), (5, "0.1 kB"), (999, "1 kB"), (1000, "1 kB"), (213_999, "214 kB"), (5_300_000, "5.3 MB")],
)
def test_sizes_are_rounded_as_people_say_them(count: int, text: str) -> None:
    assert dates.size(count) == text


@pytest.mark.parametrize(("language", "text"), [("ru", "0,3 кБ"), ("ro", "0,3 kB"), ("et", "0,3 kB")])
def test_few_bytes_are_said_rightly_in_every_language(language: str, text: str) -> None:
    with translation.override(language):
        assert dates.size(287).replace("\N{NO-BREAK SPACE}", " ") == text
