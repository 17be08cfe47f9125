from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from tugi.core.reports import LONGEST, MOST_A_MINUTE
from tugi.core.testing import at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def report(text: str = "{}") -> int:
    return Client().post("/csp", text, content_type="application/csp-report").status_code


def test_a_report_is_logged_shortened(caplog: pytest.LogCaptureFixture) -> None:
    assert report("x" * 10_000) == 204

    [line] = [record for record in caplog.records if record.name == "tugi.core.reports"]
    assert line.levelno == logging.WARNING
    assert len(line.report) == LONGEST  # type: ignore[attr-defined]


def test_a_flood_of_reports_does_not_fill_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with at("2026-11-23T09:00:00+00:00") as clock:
        for _ in range(MOST_A_MINUTE + 10):
            assert report() == 204
        assert len(caplog.records) == MOST_A_MINUTE

        clock.shift(60)
        report()
        assert len(caplog.records) == MOST_A_MINUTE + 1
