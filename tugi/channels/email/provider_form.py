"""What a mailbox's form must say of a provider, for its owner's consent to be asked for and kept safe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from tugi.channels.email.models import SignIn
from tugi.core.config import is_loopback

if TYPE_CHECKING:
    from tugi.channels.email.forms import MailboxForm

URLS = ("oauth_authorise_url", "oauth_token_url")
AGAIN = _("Enter the secret again: it is not sent to another provider, or for another client, than it was given for.")


def check_provider(form: MailboxForm, told: dict[str, Any]) -> None:
    """Add what is missing or wrong to the form's errors."""
    if told.get("sign_in", SignIn.PASSWORD) == SignIn.PASSWORD:
        return
    needed = ["oauth_client_id", *(f"{kind}_username" for kind in ("imap", "smtp") if told.get(f"{kind}_on"))]
    if told["sign_in"] == SignIn.OTHER:
        needed += [*URLS, "oauth_scopes"]
    for name in needed:
        if not told.get(name) and name not in form.errors:
            form.add_error(name, _("This is needed to sign in with a provider."))
    for name in URLS:
        if told.get(name) and not _is_private(told[name]):
            form.add_error(name, _("Enter an address that begins with https://."))
    if _would_leak(form, told):
        form.add_error("oauth_client_secret", AGAIN)


def _is_private(url: str) -> bool:
    try:
        place = urlsplit(url)
    except ValueError:
        return False
    host = place.hostname or ""
    return bool(host) and (place.scheme == "https" or (place.scheme == "http" and is_loopback(host)))


def _would_leak(form: MailboxForm, told: dict[str, Any]) -> bool:
    """Would the stored secret go where it was not meant to?"""
    mailbox = form.mailbox
    if mailbox is None or told.get("oauth_client_secret") or not mailbox.oauth_client_secret:
        return False
    return any(told.get(name) != getattr(mailbox, name) for name in ("sign_in", "oauth_client_id", *URLS))
