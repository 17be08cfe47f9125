from __future__ import annotations

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    name = "tugi.tickets"
    label = "tickets"

    def ready(self) -> None:
        from tugi.core import places
        from tugi.tickets import names

        names.register()
        places.register(places.Place("inbox", _("Inbox"), "inbox", "inbox", order=10, open_to=_sees_tickets))


def _sees_tickets(request: HttpRequest) -> bool:
    from tugi.people.access import access_of
    from tugi.people.models import Permission
    from tugi.people.request import agent_of

    return access_of(agent_of(request)).anywhere(Permission.SEE_TICKETS)
