"""Signed and encrypted mail on its way in: opened with the mailbox's keys, then read like any other."""

from __future__ import annotations

from dataclasses import replace

from tugi.channels.email.models import MailboxKey
from tugi.channels.email.parsing import ParsedMail
from tugi.channels.email.parsing.isolated import MailUnreadable, parse_isolated
from tugi.channels.email.protection.isolated import open_isolated
from tugi.channels.email.protection.keys import Key
from tugi.core.crypto import CryptoError
from tugi.core.protection import Layer


def read_protected(raw: bytes, parsed: ParsedMail, mailbox_id: int) -> tuple[ParsedMail, tuple[Layer, ...]]:
    """The mail as it reads once it is open, and what its layers were; as it came, where it stays closed. Never fails
    a mail.

    Who wrote it, what it answers and whether a machine sent it stays what the outside says: the inside is not what
    mail servers have checked.
    """
    if not parsed.is_protected:
        return parsed, ()
    opened = open_isolated(raw, _keys_of(mailbox_id))
    if opened.raw is None:
        return parsed, opened.layers
    try:
        inner = parse_isolated(opened.raw)
    except MailUnreadable:
        return parsed, tuple(
            replace(each, state="failed") if each.state == "opened" else each for each in opened.layers
        )
    outside = replace(
        inner,
        message_id=parsed.message_id,
        message_id_made=parsed.message_id_made,
        machine=parsed.machine,
    )
    return outside, opened.layers


def _keys_of(mailbox_id: int) -> list[Key]:
    """The mailbox's keys, private ones opened; one whose encryption key is lost only checks signatures."""
    keys: list[Key] = []
    for row in MailboxKey.objects.filter(mailbox_id=mailbox_id):
        try:
            private, passphrase = row.private.reveal(), row.passphrase.reveal()
        except CryptoError:
            private = passphrase = ""
        keys.append(Key(row.system, row.public, private, passphrase))
    return keys
