from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from tugi.core.limits import TooMany, forget_full, take, try_take
from tugi.core.middleware import HeadersMiddleware
from tugi.core.refusals import refuse
from tugi.core.testing import at

pytestmark = pytest.mark.django_db


def test_a_bucket_gives_what_it_holds_and_no_more() -> None:
    with at("2026-11-23T09:00:00+00:00"):
        taken = [try_take("comments:7", most=3, seconds=60) for _ in range(5)]

    assert taken == [True, True, True, False, False]


def test_a_bucket_fills_again_evenly() -> None:
    with at("2026-11-23T09:00:00+00:00") as clock:
        for _ in range(3):
            take("comments:7", most=3, seconds=60)
        clock.shift(20)
        take("comments:7", most=3, seconds=60)

        with pytest.raises(TooMany):
            take("comments:7", most=3, seconds=60)


def test_keys_do_not_share_a_bucket() -> None:
    take("comments:7", most=1, seconds=60)

    take("comments:8", most=1, seconds=60)


def test_full_buckets_are_forgotten_and_others_kept() -> None:
    with at("2026-11-23T09:00:00+00:00") as clock:
        take("old", most=1, seconds=60)
        clock.shift(3 * 24 * 3600)
        take("new", most=1, seconds=60)

        assert forget_full() == 1
        with pytest.raises(TooMany):
            take("new", most=1, seconds=60)


def test_who_is_refused_hears_when_to_come_back() -> None:
    answer = refuse(RequestFactory().get("/api/anything"), TooMany(seconds=7.2))

    assert (answer.status_code, answer["Retry-After"]) == (429, "8")


def test_a_refusal_that_names_no_time_says_a_minute() -> None:
    answer = HeadersMiddleware(lambda request: HttpResponse(status=429))(RequestFactory().get("/"))

    assert answer["Retry-After"] == "60"
