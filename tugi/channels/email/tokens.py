"""The token with which a mailbox is signed in to just now; renewed in good time, by one worker for all.

A provider may give a new refresh token with each renewal and take the old one back: two that renew at once would lose
it. So the right to renew is claimed in the row, and whoever comes too late takes what the first has brought.
"""

from __future__ import annotations

import smtplib
import time
from datetime import timedelta

from tugi.channels.email import oauth
from tugi.channels.email.actions.consents import claim_renewal, give_back_renewal, keep_renewed, note_consent_gone
from tugi.channels.email.models import Consent, Mailbox
from tugi.core import clock
from tugi.core.reasons import reason

BEFORE_ITS_END = timedelta(minutes=5)
PATIENCE_SECONDS = 30.0
LOOK_EVERY_SECONDS = 0.2


class NoToken(smtplib.SMTPException):
    """There is none to sign in with; `reason` says why. `is_final`: until somebody connects the mailbox again."""

    def __init__(self, reason: str, *, is_final: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_final = is_final


class Tokens:
    """The tokens of one saved mailbox; None stands for one that is not saved."""

    def __init__(self, mailbox_id: int | None) -> None:
        self._mailbox_id = mailbox_id

    def __repr__(self) -> str:
        return f"<tokens of mailbox {self._mailbox_id}>"

    @property
    def key(self) -> tuple[str, str]:
        """Whose tokens they are: the mailbox, and the consent that it has just now. Another consent may be for another
        account; a renewed token is not another consent."""
        consents = Consent.objects.filter(mailbox_id=self._mailbox_id or 0)
        return str(self._mailbox_id), str(consents.values_list("pk", flat=True).first())

    def current(self) -> str:
        """One that is good for some minutes more. Raises NoToken."""
        return self._fresh(stale="")

    def instead_of(self, stale: str) -> str:
        """Another than this one, which a server refused though its time was not up. Raises NoToken."""
        return self._fresh(stale=stale)

    def _fresh(self, *, stale: str) -> str:
        ends_at = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < ends_at:
            consent = self._consent()
            token = consent.access_token.reveal()
            if token != stale and consent.expires_at > clock.now() + BEFORE_ITS_END:
                return token
            if claim_renewal(consent):
                _renew(consent)
            else:
                time.sleep(LOOK_EVERY_SECONDS)
        raise NoToken(reason("mail.renewal_too_slow"), is_final=False)

    def _consent(self) -> Consent:
        consent = Consent.objects.filter(mailbox_id=self._mailbox_id or 0).first()
        if consent is None:
            raise NoToken(reason("mail.not_connected"), is_final=True)
        if consent.trouble:
            raise NoToken(consent.trouble, is_final=True)
        return consent


def _renew(consent: Consent) -> None:
    """Once, by the claim's holder. Raises NoToken for a failure that may pass; one for good is noted in the row."""
    mailbox = Mailbox.objects.get(pk=consent.mailbox_id)
    try:
        given = oauth.tokens_for_refresh_token(mailbox, consent.refresh_token.reveal())
    except oauth.NoConsent as refused:
        if not refused.is_final:
            give_back_renewal(consent)
            raise NoToken(refused.reason, is_final=False) from refused
        note_consent_gone(consent, refused.reason)
    else:
        keep_renewed(consent, given)
