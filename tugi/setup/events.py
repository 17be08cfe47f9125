"""What can happen to the desk as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tugi.events.facts import Fact, Names, fact


@fact("desk.set_up", public=False)
@dataclass(frozen=True)
class DeskSetUp(Fact):
    """The desk was set up by its first administrator."""

    agent_id: int

    @property
    def subject(self) -> tuple[str, int]:
        return ("desk", 1)

    def sentence(self, name: Names) -> str:
        return _("set up the desk")


@fact("desk.changed", public=False)
@dataclass(frozen=True)
class DeskChanged(Fact):
    """The desk's own settings changed; `fields` names them."""

    fields: list[str]

    @property
    def subject(self) -> tuple[str, int]:
        return ("desk", 1)

    def sentence(self, name: Names) -> str:
        return _("changed the desk's settings")


@fact("desk.filled", public=False)
@dataclass(frozen=True)
class DeskFilled(Fact):
    """The empty desk was filled with the demo's people and conversations."""

    tickets: int

    @property
    def subject(self) -> tuple[str, int]:
        return ("desk", 1)

    def sentence(self, name: Names) -> str:
        return _("filled the desk with a demo")
