"""The first run: a key on the console opens the set-up page once; after set-up nothing opens it again."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from tugi.core import clock, crypto
from tugi.core.models import DeskSettings
from tugi.people.models import Agent
from tugi.setup.demo import welcome
from tugi.setup.demo.filling import is_filled
from tugi.setup.models import SetUpKey

PURPOSE = "set-up-key"


def announce() -> list[str]:
    """Lines for the console: where to set the desk up, how a demo is tried, or nothing."""
    if is_filled():
        return welcome.lines()
    link = make_link()
    if link is None:
        return []
    return [
        "This desk is not set up yet. Open this link once to make the first administrator:",
        f"  {link}",
    ]


def lacks_administrator() -> bool:
    """Whether nobody can sign in yet."""
    return not DeskSettings.load().is_set_up and not Agent.objects.exists()


@transaction.atomic
def make_link() -> str | None:
    """A fresh set-up link; earlier ones stop working. None once the desk is set up."""
    if DeskSettings.lock().is_set_up:
        return None
    key = crypto.random_token()
    SetUpKey.objects.all().delete()
    SetUpKey.objects.create(key_hash=crypto.token_hash(PURPOSE, key), created_at=clock.now())
    return settings.PUBLIC_URL + reverse("setup:first-run", args=[key])


def opens(key: str) -> bool:
    """Whether this key opens the set-up page now."""
    if DeskSettings.load().is_set_up:
        return False
    return SetUpKey.objects.filter(key_hash=crypto.token_hash(PURPOSE, key)).exists()
