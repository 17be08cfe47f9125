"""A provider's consent to sign in to a mailbox: given, renewed, gone."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from tugi.channels.email.events import MailboxChanged
from tugi.channels.email.models import Consent, Mailbox
from tugi.channels.email.oauth import Given
from tugi.core import clock
from tugi.events.actors import Actor
from tugi.events.log import append

RENEWAL_LEASE = timedelta(seconds=60)
"""Well over the time that one question to a provider may take."""


@transaction.atomic
def connect_mailbox(mailbox_id: int, given: Given, *, actor: Actor) -> None:
    """Keep the consent that was just given, in place of any other; the mailbox is tried anew at once."""
    mailbox = Mailbox.objects.select_for_update(of=("self",)).get(id=mailbox_id)
    tokens = {"refresh_token": given.refresh_token, "access_token": given.access_token, "expires_at": given.expires_at}
    now = clock.now()
    Consent.objects.filter(mailbox=mailbox).delete()
    Consent.objects.create(mailbox=mailbox, given_at=now, **tokens)
    mailbox.failures, mailbox.retry_at, mailbox.last_error = 0, None, ""
    mailbox.save(update_fields=["failures", "retry_at", "last_error"])
    append(MailboxChanged(mailbox_id=mailbox.pk, fields=["consent"]), actor=actor)


@transaction.atomic
def forget_consent(consent_id: int, *, actor: Actor) -> None:
    """Drop a consent whose tokens no key opens any more, so that it can be given again."""
    consent = Consent.objects.filter(id=consent_id).first()
    if consent is not None:
        consent.delete()
        append(MailboxChanged(mailbox_id=consent.mailbox_id, fields=["consent"]), actor=actor)


def claim_renewal(consent: Consent) -> bool:
    """Be the one who renews these tokens; False if another does, or has."""
    now = clock.now()
    free = Q(renewing_until=None) | Q(renewing_until__lt=now)
    return bool(_these(consent).filter(free).update(renewing_until=now + RENEWAL_LEASE))


def give_back_renewal(consent: Consent) -> None:
    _these(consent).update(renewing_until=None)


def keep_renewed(consent: Consent, given: Given) -> None:
    """Keep new tokens for the old; they are dropped if the mailbox was connected again meanwhile."""
    _these(consent).update(
        access_token=given.access_token,
        refresh_token=given.refresh_token or consent.refresh_token,
        expires_at=given.expires_at,
        renewing_until=None,
        version=F("version") + 1,
    )


def note_consent_gone(consent: Consent, why: str) -> None:
    """The provider has taken it back, unless it was given again meanwhile."""
    _these(consent).update(trouble=why, renewing_until=None, version=F("version") + 1)


def _these(consent: Consent) -> QuerySet[Consent]:
    """The row, if its tokens are still those we know."""
    return Consent.objects.filter(pk=consent.pk, version=consent.version)
