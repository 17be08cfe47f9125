"""What `tugi forget-secrets` does with the secrets of mailboxes."""

from __future__ import annotations

from tugi.channels.email.actions import forget_consent, forget_dkim_key, forget_password, remove_key
from tugi.channels.email.models import Consent, DkimKey, Mailbox, MailboxKey
from tugi.core import lost_secrets
from tugi.events import actors


def forget(mailbox_id: int, field: str) -> None:
    forget_password(mailbox_id, field, actor=actors.system())


def forget_signing_key(key_id: int, field: str) -> None:
    forget_dkim_key(key_id, actor=actors.system())


def forget_key(key_id: int, field: str) -> None:
    """A private key that nobody can open any more is of no use; it is to be added again."""
    remove_key(key_id, actor=actors.system())


def forget_tokens(consent_id: int, field: str) -> None:
    forget_consent(consent_id, actor=actors.system())


def register() -> None:
    lost_secrets.register(DkimKey._meta.label, forget_signing_key)
    lost_secrets.register(MailboxKey._meta.label, forget_key)
    lost_secrets.register(Mailbox._meta.label, forget)
    lost_secrets.register(Consent._meta.label, forget_tokens)
