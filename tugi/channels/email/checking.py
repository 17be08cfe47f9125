"""Trying a mailbox's servers out, to say exactly what works and what does not."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from imapclient import IMAPClient

from tugi.channels.email import pop3_sessions, smtp
from tugi.channels.email.accounts import imap_account, smtp_account
from tugi.channels.email.imap_sessions import folder_size, signed_in
from tugi.channels.email.models import Afterwards, Mailbox, Protocol
from tugi.channels.email.pop3 import unique_ids
from tugi.channels.email.tidying import can_delete_alone
from tugi.channels.email.words import CannotFetch, connection_reason, sign_in_reason
from tugi.core.reasons import tell


@dataclass(frozen=True)
class Result:
    """One server tried; `text` is a whole sentence."""

    works: bool
    text: str


def check_mailbox(mailbox: Mailbox) -> list[Result]:
    """Sign in at each server of the mailbox, saved or not. Fetches nothing and sends nothing."""
    results = []
    if mailbox.imap_on:
        results += _check_pop3(mailbox) if mailbox.fetch_protocol == Protocol.POP3 else _check_imap(mailbox)
    results.append(_check_smtp(mailbox))
    return results


def _check_imap(mailbox: Mailbox) -> list[Result]:
    try:
        with signed_in(imap_account(mailbox)) as client:
            return [*(_folder(client, name) for name in mailbox.folders), *_afterwards(client, mailbox)]
    except CannotFetch as refused:
        return [_does_not_receive(refused)]


def _check_pop3(mailbox: Mailbox) -> list[Result]:
    try:
        with pop3_sessions.signed_in(imap_account(mailbox)) as server:
            count = len(unique_ids(server, mailbox))
    except CannotFetch as refused:
        return [_does_not_receive(refused)]
    return [Result(works=True, text=_("Receiving works. There are %(count)s mails on the server.") % {"count": count})]


def _folder(client: IMAPClient, name: str) -> Result:
    try:
        count = folder_size(client, name)
    except CannotFetch as refused:
        return _does_not_receive(refused)
    text = _("Receiving works. There are %(count)s mails in “%(folder)s”.")
    return Result(works=True, text=text % {"count": count, "folder": name})


def _afterwards(client: IMAPClient, mailbox: Mailbox) -> list[Result]:
    """What the owner would not expect of this server: how it moves and deletes."""
    target, is_moved = mailbox.imap_move_to, mailbox.imap_afterwards == Afterwards.MOVE
    results = []
    if is_moved and not client.folder_exists(target):
        text = _("There is no folder “%(name)s” yet. It will be made when the first mail is moved there.")
        results.append(Result(works=True, text=text % {"name": target}))
    if not mailbox.is_kept_there and not can_delete_alone(client) and not (is_moved and client.has_capability("MOVE")):
        text = _("This server cannot delete single mails: they are only marked as deleted, and go when it clears up.")
        results.append(Result(works=True, text=text))
    return results


def _does_not_receive(refused: CannotFetch) -> Result:
    return Result(works=False, text=_("Receiving does not work. %(why)s") % {"why": tell(refused.reason)})


def _check_smtp(mailbox: Mailbox) -> Result:
    account = smtp_account(mailbox)
    if account is None and settings.MAIL_FOLDER is not None:
        text = _("Mail that leaves is put into the folder %(folder)s and reaches nobody.")
        return Result(works=True, text=text % {"folder": settings.MAIL_FOLDER.name})
    if account is None:
        text = _("Nothing can be sent: neither this mailbox nor the desk has a server to send through.")
        return Result(works=False, text=text)
    try:
        with smtp.connected(account) as server:
            server.noop()
    except smtplib.SMTPAuthenticationError as error:
        return _does_not_send(sign_in_reason(error))
    except (smtplib.SMTPException, OSError) as error:
        return _does_not_send(connection_reason(error, account))
    return Result(works=True, text=_("Sending works, through %(host)s.") % {"host": account.host})


def _does_not_send(reason: str) -> Result:
    return Result(works=False, text=_("Sending does not work. %(why)s") % {"why": tell(reason)})
