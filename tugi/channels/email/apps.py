from __future__ import annotations

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class EmailConfig(AppConfig):
    name = "tugi.channels.email"
    label = "channels_email"

    def ready(self) -> None:
        from django.core.checks import register

        from tugi.channels.email import checks, lost_passwords, names, reasons, routing
        from tugi.core import places
        from tugi.core.places import Place
        from tugi.people import our_addresses

        register(checks.certificate)
        names.register()
        lost_passwords.register()
        our_addresses.register(routing.is_ours)
        reasons.register()
        place = Place("mail", _("Mail"), "mail", "email:mailboxes", order=40, open_to=_manages_mail)
        places.register(place, menu="settings")


def _manages_mail(request: HttpRequest) -> bool:
    from tugi.people.access import access_of
    from tugi.people.models import Permission
    from tugi.people.request import agent_of

    return access_of(agent_of(request)).anywhere(Permission.MANAGE_MAIL)
