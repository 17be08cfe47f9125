"""Places on a screen where a higher floor of the house may show something of its own.

A domain registers at start (`AppConfig.ready`) a function for a named slot; a template of a lower domain says
`{{ panels("ticket.sidebar", ticket) }}` and knows nothing of who answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from markupsafe import Markup


@dataclass(frozen=True)
class Panel:
    """A partial and what it needs."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


Build = Callable[[HttpRequest, Any], Panel | None]
_slots: dict[str, list[tuple[int, Build]]] = {}


def register(slot: str, build: Build, *, order: int = 100) -> None:
    """Have `build(request, subject)` asked when `slot` is shown; it gives a Panel, or None to stay away."""
    entries = _slots.setdefault(slot, [])
    if all(known is not build for _, known in entries):
        entries.append((order, build))
        entries.sort(key=lambda entry: entry[0])


def render(request: HttpRequest, slot: str, subject: Any) -> Markup:
    """All panels of a slot, one after another. Templates escape, so the joined text is markup."""
    built = (build(request, subject) for _, build in _slots.get(slot, []))
    return Markup("").join(
        Markup(render_to_string(panel.template, dict(panel.context), request))  # noqa: S704
        for panel in built
        if panel
    )
