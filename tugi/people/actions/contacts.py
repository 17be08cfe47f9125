from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from tugi.core import clock
from tugi.core.inserting import insert, insert_unless_there
from tugi.core.prepared import prepared
from tugi.core.text import shorten
from tugi.events.actors import Actor
from tugi.events.log import append
from tugi.people.events import ContactAdded, ContactAddressFailed, ContactChanged
from tugi.people.models import Contact, Identity, IdentityKind, Organisation


@transaction.atomic(savepoint=False)
def find_or_add_contact(
    *, email: str, name: str = "", language: str = "", actor: Actor, cause: int | None = None
) -> Contact:
    """The contact with this address, or a new one.

    `email` is normalised by the caller (`tugi.core.mail_addresses`). A known contact keeps its name
    and language: a stranger's mail must not rename a customer.
    """
    value = email.lower()
    known = find_contact(value)
    if known is not None:
        return known
    contact = insert(Contact(name=shorten(name, 160), language=language, created_at=clock.now()))
    if not insert_unless_there(Identity(kind=IdentityKind.EMAIL, value=value, contact=contact)):
        contact.delete()  # another worker was faster
        return _living(Identity.objects.get(kind=IdentityKind.EMAIL, value=value).contact)
    _join_organisation(contact, value)
    append(ContactAdded(contact_id=contact.pk), actor=actor, cause=cause)
    return contact


@transaction.atomic(savepoint=False)
def add_contact(*, name: str = "", language: str = "", actor: Actor, cause: int | None = None) -> Contact:
    """Somebody of whom no address is known."""
    contact = insert(Contact(name=shorten(name, 160), language=language, created_at=clock.now()))
    append(ContactAdded(contact_id=contact.pk), actor=actor, cause=cause)
    return contact


def find_contact(email: str) -> Contact | None:
    """The contact with this address, as `find_or_add_contact` would give it; None if nobody has it."""
    known = _contacts_at.first(email.lower())
    return _living(known) if known is not None else None


@transaction.atomic
def change_contact(
    contact_id: int,
    *,
    name: str | None = None,
    language: str | None = None,
    time_zone: str | None = None,
    actor: Actor,
) -> Contact:
    """Change what is known of a contact; None leaves a detail as it is."""
    contact = Contact.objects.select_for_update().get(id=contact_id)
    wanted = {"name": name, "language": language, "time_zone": time_zone}
    changed = [field for field, value in wanted.items() if value is not None and getattr(contact, field) != value]
    for field in changed:
        setattr(contact, field, wanted[field])
    if changed:
        contact.save(update_fields=changed)
        append(ContactChanged(contact_id=contact.pk, fields=changed), actor=actor)
    return contact


@transaction.atomic
def mark_undeliverable(email: str, *, actor: Actor, cause: int | None = None) -> Identity | None:
    """Note that mail to this address comes back for good; None if nobody has it."""
    identity = Identity.objects.filter(kind=IdentityKind.EMAIL, value=email.lower()).first()
    if identity is None or identity.undeliverable_at is not None:
        return identity
    identity.undeliverable_at = clock.now()
    identity.save(update_fields=["undeliverable_at"])
    fact = ContactAddressFailed(contact_id=identity.contact_id, identity_id=identity.pk)
    append(fact, actor=actor, cause=cause)
    return identity


@prepared
def _contacts_at(address: Any) -> QuerySet[Contact]:
    return Contact.objects.order_by().filter(identities__kind=IdentityKind.EMAIL, identities__value=address)


def _living(contact: Contact) -> Contact:
    """The contact that a merged one went into."""
    while contact.merged_into_id is not None:
        assert contact.merged_into is not None
        contact = contact.merged_into
    return contact


def _join_organisation(contact: Contact, email: str) -> None:
    organisation = Organisation.objects.filter(domains__domain=email.rpartition("@")[2]).first()
    if organisation is not None:
        contact.organisations.add(organisation)
