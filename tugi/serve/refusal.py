"""A start that cannot be: said in one paragraph, with what to do about it."""

from __future__ import annotations

import sys

EXIT_CODE = 2


class StartRefused(Exception):
    """`str()` is the paragraph for the person at the console."""


def say(text: str = "") -> None:
    """To the person at the console. The log goes to standard error instead."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
