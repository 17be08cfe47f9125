"""How a row shows where its ticket came from."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from markupsafe import Markup

from tugi.core.templating import icon

CHANNELS = {
    "email": ("mail", _("E-mail")),
    "chat": ("chat", _("Chat")),
    "phone": ("phone", _("Phone")),
    "web_form": ("globe", _("Web form")),
    "portal": ("globe", _("Help centre")),
    "api": ("link", _("API")),
}


def channel_icons() -> dict[str, Markup]:
    """The drawing of each channel, made once a page."""
    return {channel: icon(name, str(label), "small") for channel, (name, label) in CHANNELS.items()}
