"""Asking a provider for a mailbox owner's consent, and for tokens (OAuth 2: RFC 6749, PKCE: RFC 7636).

Knows the provider's words and nothing of where tokens are kept.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from tugi.channels.email.models import Mailbox, SignIn
from tugi.core import clock, outbound
from tugi.core.reasons import reason
from tugi.core.text import shorten, single_line

LONGEST_SAID = 300
SHORTEST_LIFE, USUAL_LIFE = timedelta(seconds=60), timedelta(hours=1)
OUTLOOK = "https://outlook.office.com/"
LOGIN = "https://login.microsoftonline.com/common/oauth2/v2.0"


class NoConsent(Exception):
    """The provider gives no tokens. `is_final`: nor will it, until its user consents again."""

    def __init__(self, reason: str, *, is_final: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_final = is_final


@dataclass(frozen=True)
class Provider:
    authorise_url: str
    token_url: str
    scopes: str
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Given:
    """Tokens as they came; `refresh_token` is empty where the old one goes on."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime


KNOWN = {
    SignIn.GOOGLE: Provider(
        "https://accounts.google.com/o/oauth2/v2/auth",
        "https://oauth2.googleapis.com/token",
        "https://mail.google.com/",
        # Without both there is no refresh token.
        {"access_type": "offline", "prompt": "consent"},
    ),
    SignIn.MICROSOFT: Provider(
        f"{LOGIN}/authorize",
        f"{LOGIN}/token",
        f"{OUTLOOK}IMAP.AccessAsUser.All {OUTLOOK}POP.AccessAsUser.All {OUTLOOK}SMTP.Send offline_access",
        {"prompt": "select_account"},
    ),
    SignIn.OTHER: Provider("", "", ""),
}


def provider_of(mailbox: Mailbox) -> Provider:
    """The mailbox's provider; what its settings say beats what is known of it."""
    known = KNOWN[SignIn(mailbox.sign_in)]
    return Provider(
        mailbox.oauth_authorise_url or known.authorise_url,
        mailbox.oauth_token_url or known.token_url,
        mailbox.oauth_scopes or known.scopes,
        known.extra,
    )


def consent_url(mailbox: Mailbox, *, back_to: str, state: str, verifier: str) -> str:
    """Where the owner's browser goes to consent."""
    provider = provider_of(mailbox)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": mailbox.oauth_client_id,
        "redirect_uri": back_to,
        "scope": provider.scopes,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "login_hint": mailbox.imap_username or mailbox.smtp_username,
        **provider.extra,
    }
    joint = "&" if urlsplit(provider.authorise_url).query else "?"
    return provider.authorise_url + joint + urlencode({name: value for name, value in asked.items() if value})


def tokens_for_code(mailbox: Mailbox, code: str, *, back_to: str, verifier: str) -> Given:
    """The first tokens. Raises NoConsent."""
    given = _asked(mailbox, grant_type="authorization_code", code=code, redirect_uri=back_to, code_verifier=verifier)
    if not given.refresh_token:
        raise NoConsent(reason("mail.no_lasting_consent"), is_final=True)
    return given


def tokens_for_refresh_token(mailbox: Mailbox, refresh_token: str) -> Given:
    """The next tokens. Raises NoConsent."""
    return _asked(mailbox, grant_type="refresh_token", refresh_token=refresh_token)


def _asked(mailbox: Mailbox, **fields: str) -> Given:
    client = {"client_id": mailbox.oauth_client_id, "client_secret": mailbox.oauth_client_secret.reveal()}
    told = {name: value for name, value in {**client, **fields}.items() if value}
    try:
        answer = outbound.post_form(provider_of(mailbox).token_url, told)
    except outbound.OutboundError as error:
        raise NoConsent(error.reason, is_final=False) from error
    said = _opened(answer.body)
    if answer.status != 200 or not isinstance(said.get("access_token"), str):
        raise _refusal(mailbox, answer.status, said)
    return Given(said["access_token"], _text(said.get("refresh_token")), _end(said.get("expires_in")))


def _refusal(mailbox: Mailbox, status: int, said: Mapping[str, Any]) -> NoConsent:
    """`invalid_grant`: the consent is gone; other errors of RFC 6749 5.2 are of the settings; all else may pass."""
    words = shorten(single_line(" ".join(filter(None, map(_text, (said.get("error"), said.get("error_description")))))),
                    LONGEST_SAID)  # fmt: skip
    host = urlsplit(provider_of(mailbox).token_url).hostname or ""
    if said.get("error") == "invalid_grant":
        return NoConsent(reason("mail.consent_gone", words), is_final=True)
    if said.get("error") in ("invalid_client", "unauthorized_client", "invalid_scope", "invalid_request"):
        return NoConsent(reason("mail.provider_refused", words, host=host), is_final=False)
    return NoConsent(reason("mail.provider_failed", words, host=host, status=status), is_final=False)


def _opened(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _end(seconds: object) -> datetime:
    try:
        life = timedelta(seconds=float(str(seconds)))
    except (ValueError, OverflowError):
        life = USUAL_LIFE
    return clock.now() + min(max(life, SHORTEST_LIFE), timedelta(days=1))
