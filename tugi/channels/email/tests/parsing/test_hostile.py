"""Threat B7: no mail takes long, none breaks the reader, and time grows with size, not with its square."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from tugi.channels.email.parsing import parse_mail
from tugi.channels.email.tests.parsing.hostile import HOSTILE, hostile_mail
from tugi.channels.email.tests.parsing.mails import arrived

SECONDS = 2.0
GROWTH = 2.6
TOO_SHORT_TO_MEASURE = 0.05
MEGABYTES = 200
LARGE = (
    "angle brackets in html", "many parts", "one header of ten megabytes", "addresses", "boundary as body",
    "base64 rubbish", "sixty charsets",
)  # fmt: skip
READ_ALL = """
import re, sys
from pathlib import Path
from tugi.channels.email.parsing import parse_mail
from tugi.channels.email.tests.parsing.hostile import hostile_mail
for name in sys.argv[1:]:
    parse_mail(hostile_mail(name))
    kilobytes = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]
    print(int(kilobytes) // 1024, name)
"""


def cpu_seconds(raw: bytes, times: int = 1) -> float:
    """The least CPU time of several readings."""
    best = float("inf")
    for _ in range(times):
        started = time.process_time()
        parse_mail(raw)
        best = min(best, time.process_time() - started)
    return best


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_is_read_in_time(name: str) -> None:
    raw = hostile_mail(name)
    started = time.process_time()
    found = parse_mail(raw)
    assert time.process_time() - started < SECONDS
    assert not [problem for problem in found.problems if "failed" in problem]
    assert arrived(found) == found


@pytest.mark.parametrize("name", [name for name, (size, _) in HOSTILE.items() if size > 1])
def test_twice_the_size_takes_twice_the_time(name: str) -> None:
    half, whole = hostile_mail(name, 0.15), hostile_mail(name, 0.3)
    for attempt in range(3):
        longer = cpu_seconds(whole, attempt + 1)
        if longer < TOO_SHORT_TO_MEASURE:
            return
        shorter = cpu_seconds(half, attempt + 1)
        if longer / shorter < GROWTH:
            return
    pytest.fail(f"{shorter:.3f} s for half, {longer:.3f} s for the whole")


def test_no_hostile_mail_takes_much_memory() -> None:
    ran = subprocess.run([sys.executable, "-c", READ_ALL, *LARGE], capture_output=True, text=True, check=True)
    taken = [(int(line.partition(" ")[0]), line) for line in ran.stdout.splitlines()]
    assert len(taken) == len(LARGE)
    assert [line for megabytes, line in taken if megabytes >= MEGABYTES] == []
