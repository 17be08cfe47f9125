"""How everything is, in red and green. Each domain brings its own probes in `<app>/probes.py`.

@probe("consumers")
def consumers_keep_up() -> Iterator[Finding]:
    yield green("All events are read.")
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils.module_loading import autodiscover_modules

State = Literal["green", "amber", "red"]
PROBES_MODULE = "probes"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Finding:
    """One thing looked at. Red means that the desk loses work or soon will; `hint` says what to do."""

    state: State
    text: str
    hint: str = ""


Probe = Callable[[], Iterable[Finding]]
_probes: dict[str, Probe] = {}


def green(text: str) -> Finding:
    return Finding("green", text)


def amber(text: str, hint: str) -> Finding:
    return Finding("amber", text, hint)


def red(text: str, hint: str) -> Finding:
    return Finding("red", text, hint)


def counted(count: int, noun: str) -> str:
    """`1 mail`, `2 mails`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def probe(name: str) -> Callable[[Probe], Probe]:
    """Register a probe under the heading it is shown with."""

    def register(function: Probe) -> Probe:
        _probes[name] = function
        return function

    return register


def examine() -> Iterator[tuple[str, Finding]]:
    """Every finding with its heading. A probe that fails is a red finding itself."""
    autodiscover_modules(PROBES_MODULE)
    for name, look in sorted(_probes.items()):
        try:
            findings = list(look())
        except Exception as error:
            # The doctor is called when things are broken: one broken probe must not silence the others.
            log.debug("The probe %s failed.", name, exc_info=True)
            findings = [
                red(
                    f"could not be looked at: {error}",
                    "See what bin/serve prints; with TUGI_LOG_LEVEL=debug it says more.",
                )
            ]
        for finding in findings:
            yield name, finding
