from __future__ import annotations

import logging
import sys

import pytest
from django.test import RequestFactory

from tugi.core import crypto
from tugi.core import logging as ours

KEY = crypto.random_token()


def line(message: str = "Something", exc: BaseException | None = None, **extra: object) -> str:
    """What one record looks like on standard error."""
    record = logging.makeLogRecord(
        {"name": "test", "levelno": logging.ERROR, "levelname": "ERROR", "msg": message, **extra}
    )
    record.exc_info = (type(exc), exc, exc.__traceback__) if exc else None
    return ours.line_formatter().format(record)


@pytest.mark.parametrize("door", ["t", "setup", "account", "files"])
def test_a_key_in_an_address_reaches_no_line(door: str) -> None:
    address = f"/{door}/{KEY}/comments?a=1"

    for said in (
        line(f"Internal Server Error: {address}"),
        line(path=address),
        line(request=RequestFactory().post(address)),
        line(report=f'{{"document-uri": "https://help.example{address}"}}'),
        line(exc=ValueError(address)),
    ):
        assert KEY not in said
        assert f"/{door}/•••" in said


def test_the_rest_of_an_address_stays_readable() -> None:
    assert "/tickets/1001/messages/7/withdrawal" in line(path="/tickets/1001/messages/7/withdrawal")
    assert "tugi/setup/first_run.py" in line("in /srv/tugi/setup/first_run.py")


@pytest.mark.parametrize("watched", [True, False])
def test_the_trace_of_a_failure_names_no_values(watched: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: watched, raising=False)
    try:
        fail(password="CANARY"[::-1])  # the trace quotes this line
    except ValueError as error:
        said = line(exc=error)

    assert "in fail" in said
    assert "YRANAC" not in said


def fail(password: str) -> None:
    raise ValueError(f"{len(password)} letters")
