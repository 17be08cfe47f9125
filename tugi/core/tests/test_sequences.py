from __future__ import annotations

import pytest

from tugi.core.sequences import next_number

pytestmark = pytest.mark.django_db


def test_numbers_grow_from_1001_on() -> None:
    first, second = next_number("ticket"), next_number("ticket")

    assert first >= 1001
    assert second == first + 1
