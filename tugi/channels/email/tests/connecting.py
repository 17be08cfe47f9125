"""Giving a provider's consent as a browser would."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from tests.servers.identity_provider import IdentityProvider
from tugi.channels.email import oauth
from tugi.channels.email.actions import connect_mailbox
from tugi.channels.email.consent_views import back_to
from tugi.channels.email.models import Mailbox
from tugi.events import actors

VERIFIER = "v" * 43


def connect(mailbox: Mailbox, provider: IdentityProvider) -> None:
    url = oauth.consent_url(mailbox, back_to=back_to(), state="s", verifier=VERIFIER)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    code = parse_qs(urlsplit(provider.consents(asked)).query)["code"][0]
    given = oauth.tokens_for_code(mailbox, code, back_to=back_to(), verifier=VERIFIER)
    connect_mailbox(mailbox.pk, given, actor=actors.system())
