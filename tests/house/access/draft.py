"""Print the table as the code behaves now, to be read line by line before it is believed.

tugi manage shell < tests/house/access/draft.py   is not enough: it needs a test database; run it as
pytest tests/house/access/draft.py -s
"""

from __future__ import annotations

import pytest

from tests.house.access.test_matrix import METHODS, address, ask, close, verdict
from tests.house.access.world import VISITORS, make_world, routes


@pytest.mark.django_db(transaction=False)
def test_draft() -> None:
    from django.db import transaction

    world = make_world()
    lines = []
    for route in sorted(routes()):
        there = address(world, route)
        for method in METHODS:
            got = []
            for visitor in VISITORS:
                with transaction.atomic():
                    answer = ask(world.client(visitor), method, there)
                    got.append(verdict(answer))
                    close(answer)
                    transaction.set_rollback(True)
            if set(got) - {"405", "404", "in"} or (method == "GET"):
                lines.append(f"{route:<34} {method:<6} " + " ".join(f"{each:<8}" for each in got).rstrip())
    print("# route" + " " * 28 + "method " + " ".join(f"{visitor:<8}" for visitor in VISITORS))
    print("\n".join(lines))
