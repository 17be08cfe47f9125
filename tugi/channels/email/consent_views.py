"""Sending an agent to a mailbox's provider for its owner's consent, and taking it from there."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from tugi.channels.email import actions, oauth
from tugi.channels.email.access import managed_mailbox, may_manage
from tugi.channels.email.models import Mailbox, SignIn
from tugi.core import clock, crypto
from tugi.core.errors import Invalid
from tugi.core.reasons import reason, tell
from tugi.core.text import shorten, single_line
from tugi.people.request import actor_of, agent_of

PURPOSE = "mailbox.consent-begun"
BEGUN, TROUBLE = "mail_consent_begun", "mail_consent_trouble"
GOOD_FOR = timedelta(minutes=15)
STALE = _("This was begun too long ago, or in another browser. Go back to the mailbox and press “Connect” again.")


def back_to() -> str:
    """Where the provider sends the browser back to; it is registered there."""
    return f"{settings.PUBLIC_URL}{reverse('email:consent')}"


@require_GET
def begin(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """To the provider's page. The session alone knows what is to come back (RFC 6749 10.12, RFC 7636)."""
    mailbox = managed_mailbox(request, mailbox_id)
    if mailbox.sign_in == SignIn.PASSWORD or not mailbox.oauth_client_id:
        return redirect("email:mailbox", mailbox_id)
    state, verifier = crypto.random_token(), crypto.random_token(384)
    until = (clock.now() + GOOD_FOR).timestamp()
    begun = json.dumps([state, verifier, mailbox_id, agent_of(request).pk, until])
    request.session[BEGUN] = crypto.encrypt(PURPOSE, begun)
    return HttpResponseRedirect(oauth.consent_url(mailbox, back_to=back_to(), state=state, verifier=verifier))


@require_GET
def finish(request: HttpRequest) -> HttpResponse:
    """Back from there, with a code or with a refusal. Raises Invalid for what was not begun in this session."""
    may_manage(request)
    verifier, mailbox_id = _begun(request)
    mailbox = managed_mailbox(request, mailbox_id)
    try:
        given = oauth.tokens_for_code(mailbox, _code(request), back_to=back_to(), verifier=verifier)
    except oauth.NoConsent as refused:
        request.session[TROUBLE] = refused.reason
    else:
        actions.connect_mailbox(mailbox.pk, given, actor=actor_of(request))
    return redirect("email:mailbox", mailbox.pk)


def connection_of(request: HttpRequest, mailbox: Mailbox | None) -> dict[str, Any]:
    """What the mailbox's screen shows of its consent; why the last attempt failed is told once."""
    consent = getattr(mailbox, "consent", None) if mailbox else None
    trouble = request.session.pop(TROUBLE, "") or (consent.trouble if consent else "")
    return {"consent": consent, "consent_trouble": tell(trouble) if trouble else "", "back_to": back_to()}


def _begun(request: HttpRequest) -> tuple[str, int]:
    """The verifier and the mailbox of what was begun under this state, which is used up."""
    try:
        begun = json.loads(crypto.decrypt_text(PURPOSE, request.session.get(BEGUN, "")))
    except crypto.CryptoError:
        raise Invalid(STALE) from None
    state, verifier, mailbox_id, agent_id, until = begun
    is_ours = constant_time_compare(state, request.GET.get("state", ""))
    if not is_ours or agent_id != agent_of(request).pk or clock.now().timestamp() > until:
        raise Invalid(STALE)
    del request.session[BEGUN]
    return verifier, mailbox_id


def _code(request: HttpRequest) -> str:
    if code := request.GET.get("code", ""):
        return code
    said = f"{request.GET.get('error', '')} {request.GET.get('error_description', '')}".strip()
    raise oauth.NoConsent(reason("mail.not_consented", shorten(single_line(said), 300)), is_final=True)
