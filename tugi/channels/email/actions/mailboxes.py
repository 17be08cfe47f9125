"""Mailboxes and how well they are fetched."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tugi.channels.email.actions.watching import MOST_WATCHED
from tugi.channels.email.events import MailboxAdded, MailboxChanged, MailboxFailed, MailboxRecovered
from tugi.channels.email.models import Consent, Mailbox, MailboxCursor, PopMail, Protocol, Start
from tugi.channels.email.routing import own_addresses
from tugi.core import clock
from tugi.core.errors import Invalid
from tugi.core.mail_addresses import address_key
from tugi.events.actors import Actor
from tugi.events.log import append
from tugi.people.models import Department

FETCH_EVERY = timedelta(seconds=10)
POP3_EVERY = timedelta(seconds=30)
"""Each look is a sign-in, and shuts out the owner's own mail program meanwhile."""
WATCHED_EVERY = timedelta(minutes=1)
"""Where a worker waits at the server for news: it may be waiting on a line that is dead."""
FETCH_LEASE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(minutes=5)
SECRETS = ("imap_password", "smtp_password", "oauth_client_secret")
OF_CONSENT = (
    "sign_in", "oauth_client_id", "oauth_client_secret", "oauth_authorise_url", "oauth_token_url", "oauth_scopes",
    "imap_host", "imap_port", "imap_security", "imap_username",
    "smtp_host", "smtp_port", "smtp_security", "smtp_username",
)  # fmt: skip
"""What a provider's consent was given for. It goes nowhere else: where one of these changes, it is asked for anew."""
OF_POP3 = ("fetch_protocol", "imap_host", "imap_username")
"""Whose mails a POP3 server's unique ids name. Another server begins as `imap_start` says."""
SETTINGS = (
    "address", "aliases", "display_name", "department", "language", "signature", "is_active",
    "plus_addresses", "authserv_id", "late_reply", "late_after_days",
    "fetch_protocol", "imap_on", "imap_host", "imap_port", "imap_security", "imap_username",
    "imap_folders", "imap_start", "imap_afterwards", "imap_move_to",
    "smtp_on", "smtp_host", "smtp_port", "smtp_security", "smtp_username",
    "most_a_minute", "most_an_hour", "automatic_an_hour",
    "sign_in", "oauth_client_id", "oauth_authorise_url", "oauth_token_url", "oauth_scopes",
)  # fmt: skip


@transaction.atomic
def add_mailbox(*, address: str, department: Department, actor: Actor, **wanted: Any) -> Mailbox:
    """A new address of the desk; `wanted` are other columns. Raises Invalid for an address we have already."""
    assert set(wanted) <= {*SETTINGS, *SECRETS}, wanted
    mailbox = Mailbox(address=address.strip(), department=department, created_at=clock.now(), **wanted)
    _refuse_taken(mailbox, before=frozenset())
    mailbox.save()
    append(MailboxAdded(mailbox_id=mailbox.pk), actor=actor)
    return mailbox


@transaction.atomic
def change_mailbox(mailbox_id: int, *, actor: Actor, **wanted: Any) -> Mailbox:
    """Change settings; a password that is None or empty stays as it is. Whatever failed is tried anew at once.
    Who now wants everything in the folder has it read from its beginning.

    Raises Invalid for an address that another mailbox has.
    """
    assert set(wanted) <= {*SETTINGS, *SECRETS}, wanted
    mailbox = Mailbox.objects.select_for_update(of=("self",)).get(id=mailbox_id)
    before = mailbox.keys
    kept = {name for name in SECRETS if not wanted.get(name)}
    changed = [
        name
        for name, value in wanted.items()
        if name not in kept and (name in SECRETS or getattr(mailbox, name) != value)
    ]
    for name in changed:
        setattr(mailbox, name, wanted[name])
    if changed:
        _refuse_taken(mailbox, before=before)
        mailbox.failures, mailbox.retry_at, mailbox.last_error = 0, None, ""
        mailbox.save(update_fields=[*changed, "failures", "retry_at", "last_error"])
        if set(changed) & set(OF_CONSENT):
            Consent.objects.filter(mailbox=mailbox).delete()
        if "imap_start" in changed and mailbox.imap_start == Start.ALL:
            MailboxCursor.objects.filter(mailbox=mailbox).update(last_uid=0)
            PopMail.objects.filter(mailbox=mailbox).delete()
        if set(changed) & set(OF_POP3):
            MailboxCursor.objects.filter(mailbox=mailbox, folder="").delete()
            PopMail.objects.filter(mailbox=mailbox).delete()
        append(MailboxChanged(mailbox_id=mailbox.pk, fields=changed), actor=actor)
    return mailbox


@transaction.atomic
def forget_password(mailbox_id: int, field: str, *, actor: Actor) -> None:
    """Empty a password that no key opens any more, so that it can be entered again."""
    assert field in SECRETS, field
    mailbox = Mailbox.objects.select_for_update(of=("self",)).get(id=mailbox_id)
    setattr(mailbox, field, "")
    mailbox.save(update_fields=[field])
    append(MailboxChanged(mailbox_id=mailbox.pk, fields=[field]), actor=actor)


def claim_mailbox() -> Mailbox | None:
    """A mailbox whose mail is to be fetched now, ours until it is released; None if there is none.

    Held by a lease in the row: two workers never fetch one mailbox at once. No event: nothing has happened.
    """
    now = clock.now()
    free = Q(fetch_claimed_until=None) | Q(fetch_claimed_until__lt=now)
    due = Q(retry_at=None) | Q(retry_at__lte=now) | Q(fetch_wanted=True, failures=0)
    for mailbox in Mailbox.objects.fetched().filter(free, due).order_by("retry_at", "id"):
        held = Mailbox.objects.filter(free, id=mailbox.pk)
        if held.update(fetch_claimed_until=now + FETCH_LEASE, fetch_wanted=False):
            return mailbox
    return None


def keep_claim(mailbox: Mailbox) -> None:
    """We are still at it."""
    Mailbox.objects.filter(id=mailbox.pk).update(fetch_claimed_until=clock.now() + FETCH_LEASE)


@transaction.atomic
def note_fetched(mailbox_id: int, *, actor: Actor, is_all: bool = True, trouble: str = "") -> None:
    """All mail is in, or as much as there was time for; look again in a moment. `trouble` says what is wrong all the
    same, with one folder of several."""
    mailbox = Mailbox.objects.select_for_update(of=("self",)).get(id=mailbox_id)
    had_failed = bool(mailbox.failures)
    now = clock.now()
    mailbox.last_fetched_at = now if is_all else mailbox.last_fetched_at
    mailbox.retry_at = now + _gap(mailbox)
    mailbox.failures = mailbox.failures + 1 if trouble else 0
    mailbox.last_error, mailbox.fetch_claimed_until = trouble, None
    mailbox.save(update_fields=_HEALTH)
    if had_failed and not trouble:
        append(MailboxRecovered(mailbox_id=mailbox.pk), actor=actor)
    if trouble and not had_failed:
        append(MailboxFailed(mailbox_id=mailbox.pk), actor=actor)


@transaction.atomic
def note_fetch_failed(mailbox_id: int, error: str, *, is_password: bool, actor: Actor) -> None:
    """It did not work; wait longer each time, to five minutes. After a refused password at once that long,
    so that the provider does not lock the account."""
    mailbox = Mailbox.objects.select_for_update(of=("self",)).get(id=mailbox_id)
    mailbox.failures += 1
    mailbox.last_error, mailbox.fetch_claimed_until = error, None
    gap = LONGEST_PAUSE if is_password else _pause(mailbox.failures)
    mailbox.retry_at = clock.now() + gap
    mailbox.save(update_fields=_HEALTH)
    if mailbox.failures == 1:
        append(MailboxFailed(mailbox_id=mailbox.pk), actor=actor)


_HEALTH = ["last_fetched_at", "last_error", "failures", "retry_at", "fetch_claimed_until"]
TAKEN = _("Another mailbox has this address already.")


def _gap(mailbox: Mailbox) -> timedelta:
    if mailbox.fetch_protocol == Protocol.POP3:
        return POP3_EVERY
    return WATCHED_EVERY if _is_watched(mailbox) else FETCH_EVERY


def _is_watched(mailbox: Mailbox) -> bool:
    """Does a worker wait for news of all its folders?"""
    is_held = mailbox.watched_until is not None and mailbox.watched_until > clock.now()
    return is_held and len(mailbox.folders) <= MOST_WATCHED


def _pause(failures: int) -> timedelta:
    gap = min(FETCH_EVERY * 2 ** min(failures - 1, 10), LONGEST_PAUSE * 0.9)
    spread = 1 + random.random() / 10  # noqa: S311  spreads retries, guards nothing
    return timedelta(seconds=gap.total_seconds() * spread)


def _refuse_taken(mailbox: Mailbox, before: frozenset[str]) -> None:
    mailbox.aliases = [alias.strip() for alias in mailbox.aliases if alias.strip()]
    if (mailbox.keys - before) & (own_addresses() - before):
        raise Invalid(TAKEN, address=[str(TAKEN)])
    if address_key(mailbox.address) in {address_key(each) for each in mailbox.aliases}:
        mailbox.aliases = [each for each in mailbox.aliases if address_key(each) != address_key(mailbox.address)]
