from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from tugi.core.panels import Panel


class SetupConfig(AppConfig):
    name = "tugi.setup"
    label = "setup"

    def ready(self) -> None:
        from tugi.core import panels, places
        from tugi.core.places import Place

        place = Place("desk", _("Desk"), "organisation", "setup:desk", order=15, open_to=_manages_desk)
        places.register(place, menu="settings")
        panels.register("desk.empty", _first_steps)
        panels.register("sign-in", _no_administrator)


def _first_steps(request: HttpRequest, subject: object) -> Panel | None:
    from tugi.setup.first_steps import first_steps

    return first_steps(request, subject)


def _no_administrator(request: HttpRequest, subject: object) -> Panel | None:
    from tugi.core.panels import Panel
    from tugi.setup.first_run import lacks_administrator

    return Panel("setup/_no_administrator.html") if lacks_administrator() else None


def _manages_desk(request: HttpRequest) -> bool:
    from tugi.people.access import access_of
    from tugi.people.models import Permission
    from tugi.people.request import agent_of

    return access_of(agent_of(request)).anywhere(Permission.MANAGE_DESK)
