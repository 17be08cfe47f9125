"""Who did it, and through which door. Passed to every action; never guessed, never ambient."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

ActorKind = Literal["agent", "contact", "system", "rule", "bot"]
Origin = Literal["web", "api", "channel", "rule", "schedule", "import"]


@dataclass(frozen=True, slots=True)
class Actor:
    """`id` is the row of that kind (agent, contact…); None for the system itself."""

    kind: ActorKind
    id: int | None
    origin: Origin

    def through(self, origin: Origin) -> Actor:
        """The same one, acting through another door."""
        return replace(self, origin=origin)


def agent(agent_id: int, origin: Origin = "web") -> Actor:
    return Actor("agent", agent_id, origin)


def contact(contact_id: int, origin: Origin = "channel") -> Actor:
    return Actor("contact", contact_id, origin)


def system(origin: Origin = "schedule") -> Actor:
    return Actor("system", None, origin)
