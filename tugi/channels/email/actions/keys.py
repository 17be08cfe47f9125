"""Keys of mailboxes, for mail that is signed or encrypted."""

from __future__ import annotations

from django.db import transaction

from tugi.channels.email.events import MailboxKeyAdded, MailboxKeyRemoved
from tugi.channels.email.models import Mailbox, MailboxKey
from tugi.channels.email.protection.keys import Inspected
from tugi.core import clock
from tugi.core.text import shorten, single_line
from tugi.events.actors import Actor
from tugi.events.log import append


@transaction.atomic
def add_key(mailbox_id: int, found: Inspected, *, actor: Actor) -> MailboxKey:
    """Give the mailbox a key. One that it has is replaced, but never loses its private half."""
    Mailbox.objects.select_for_update(of=("self",)).get(id=mailbox_id)
    key = found.key
    told = {
        "owner": shorten(single_line(found.who), 300),
        "public": key.public,
        "expires_at": found.expires_at,
        **({"private": key.private, "passphrase": key.passphrase} if key.private else {}),
    }
    row, _ = MailboxKey.objects.update_or_create(
        mailbox_id=mailbox_id,
        system=key.system,
        fingerprint=found.fingerprint,
        defaults=told,
        create_defaults={**told, "created_at": clock.now()},
    )
    fact = MailboxKeyAdded(mailbox_id=mailbox_id, system=row.system, fingerprint=row.fingerprint)
    append(fact, actor=actor)
    return row


@transaction.atomic
def remove_key(key_id: int, *, actor: Actor) -> None:
    """Take a key away. Mail that was opened with it stays readable; a key that is gone already is no error."""
    row = MailboxKey.objects.select_for_update(of=("self",)).filter(id=key_id).first()
    if row is None:
        return
    row.delete()
    fact = MailboxKeyRemoved(mailbox_id=row.mailbox_id, system=row.system, fingerprint=row.fingerprint)
    append(fact, actor=actor)
