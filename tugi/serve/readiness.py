"""Whether this process may serve, and what it says first when it does."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.core import checks

from tugi.serve.refusal import StartRefused

FIRST_RUN = "tugi.setup.first_run"


def refuse_errors() -> None:
    """Run every system check; an error is a reason not to serve. Raises StartRefused."""
    errors = [
        message
        for message in checks.run_checks(include_deployment_checks=True)
        if message.is_serious() and not message.is_silenced()
    ]
    if errors:
        lines = [f"{error.msg} {error.hint or ''} ({error.id})" for error in errors]
        raise StartRefused("\n".join(["Tugi does not start until this is put right:", *lines]))


def first_words() -> list[str]:
    """What the person at the console should read: the set-up link on the first run, and the like."""
    if find_spec(FIRST_RUN) is None:
        return []
    lines: list[str] = import_module(FIRST_RUN).announce()
    return lines
