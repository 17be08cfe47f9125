"""The ledger, small: mails by SMTP and by IMAP while the worker dies at every named point, and a crowd on one ticket.

`bin/soak` plays the same at full size, with broken lines, disks and databases besides.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.servers.processes import program
from tests.servers.tugi_server import CHECKOUT, plain_environment

ENGINE = "postgresql" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "sqlite"


@pytest.fixture(scope="module")
def ledgers() -> dict[str, Any]:
    if not program("dovecot"):
        pytest.skip("Dovecot is not installed")
    command = [sys.executable, "-m", "soak", "deaths", "crowd", "--small", "--json", "--engine", ENGINE]
    ended = subprocess.run(
        command, env=plain_environment(), cwd=CHECKOUT, capture_output=True, text=True, timeout=300, check=False
    )
    assert ended.stdout, ended.stderr
    return {found["scenario"]: found for found in map(json.loads, ended.stdout.splitlines())}


def test_a_worker_that_dies_at_every_point_loses_and_doubles_nothing(ledgers: dict[str, Any]) -> None:
    ledger = ledgers["deaths"]

    # On a busy machine a worker may be killed before it comes to its point.
    assert set(ledger["complaints"]) <= {"not reached"}, ledger
    assert len(ledger["not reached"]) <= ledger["points"] // 3
    assert (ledger["lost"], ledger["duplicates"], ledger["mails out lost"], ledger["wrong"]) == (0, 0, 0, [])
    assert ledger["sent"] >= 40
    assert ledger["kills"] > ledger["points"]


def test_many_hands_at_once_lose_no_answer_and_give_no_number_twice(ledgers: dict[str, Any]) -> None:
    ledger = ledgers["crowd"]

    assert ledger["complaints"] == [], ledger
    assert ledger["replies acknowledged"] > 0
