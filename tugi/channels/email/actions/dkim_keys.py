"""The keys that our mails are signed with."""

from __future__ import annotations

from django.db import transaction

from tugi.channels.email import dkim
from tugi.channels.email.events import MailboxChanged
from tugi.channels.email.models import DkimKey, Mailbox
from tugi.core import clock
from tugi.core.errors import Conflict
from tugi.core.mail_addresses import domain_to_ascii
from tugi.events.actors import Actor
from tugi.events.log import append


@transaction.atomic
def make_dkim_key(mailbox: Mailbox, *, actor: Actor) -> DkimKey:
    """A key for the mailbox's domain, which signs nothing yet. One a domain: the one that is there stays."""
    domain = domain_to_ascii(mailbox.host)
    made = dkim.make_key()
    key, is_new = DkimKey.objects.get_or_create(
        domain=domain,
        defaults={
            "selector": f"tugi{clock.now():%Y%m}",
            "private_key": made.private,
            "public_key": made.public,
            "made_at": clock.now(),
        },
    )
    if is_new:
        append(MailboxChanged(mailbox_id=mailbox.pk, fields=["dkim_key"]), actor=actor)
    return key


@transaction.atomic
def set_dkim_signing(mailbox: Mailbox, *, is_on: bool, actor: Actor) -> None:
    """Begin or end to sign what leaves from the mailbox's domain. Raises Conflict without a key."""
    key = DkimKey.objects.select_for_update().filter(domain=domain_to_ascii(mailbox.host)).first()
    if key is None:
        raise Conflict
    if key.is_signing != is_on:
        key.is_signing = is_on
        key.save(update_fields=["is_signing"])
        append(MailboxChanged(mailbox_id=mailbox.pk, fields=["dkim_signing"]), actor=actor)


@transaction.atomic
def forget_dkim_key(key_id: int, *, actor: Actor) -> None:
    """Drop a key that no key of ours opens any more: mails leave unsigned until there is another one."""
    key = DkimKey.objects.get(id=key_id)
    mailbox = next((each for each in Mailbox.objects.all() if domain_to_ascii(each.host) == key.domain), None)
    key.delete()
    if mailbox is not None:
        append(MailboxChanged(mailbox_id=mailbox.pk, fields=["dkim_key"]), actor=actor)
