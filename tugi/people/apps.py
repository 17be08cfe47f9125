from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from tugi.core.panels import Panel


class PeopleConfig(AppConfig):
    name = "tugi.people"
    label = "people"

    def ready(self) -> None:
        from tugi.core import panels, places
        from tugi.core.places import Place
        from tugi.people import names

        names.register()
        panels.register("desk.profile", _account_menu)

        at_end = Place("settings", _("Settings"), "gear", "people:profile", order=900, at_end=True)
        places.register(at_end)
        for place in (
            Place("profile", _("Profile"), "person", "people:profile", order=10),
            Place("agents", _("Agents"), "people", "people:agents", order=20, open_to=_manages_people),
            Place("departments", _("Departments"), "department", "people:departments", order=30,
                  open_to=_manages_people),
        ):  # fmt: skip
            places.register(place, menu="settings")


def _account_menu(request: HttpRequest, subject: Any) -> Panel:
    from tugi.core.panels import Panel

    return Panel("people/_account_menu.html")


def _manages_people(request: HttpRequest) -> bool:
    from tugi.people.access import access_of
    from tugi.people.models import Permission
    from tugi.people.request import agent_of

    return access_of(agent_of(request)).anywhere(Permission.MANAGE_PEOPLE)
