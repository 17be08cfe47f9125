"""Trying a mailbox's servers out, to say exactly what works and what does not."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tugi.channels.email import imap, smtp
from tugi.channels.email.accounts import imap_account, smtp_account
from tugi.channels.email.models import Mailbox
from tugi.channels.email.words import connection_reason, sign_in_reason
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
        results.append(_check_imap(mailbox))
    results.append(_check_smtp(mailbox))
    return results


def _check_imap(mailbox: Mailbox) -> Result:
    try:
        with imap.signed_in(imap_account(mailbox)) as client:
            count = imap.folder_size(client, mailbox.imap_folder)
    except imap.CannotFetch as refused:
        return Result(works=False, text=_("Receiving does not work. %(why)s") % {"why": tell(refused.reason)})
    text = _("Receiving works. There are %(count)s mails in “%(folder)s”.")
    return Result(works=True, text=text % {"count": count, "folder": mailbox.imap_folder})


def _check_smtp(mailbox: Mailbox) -> Result:
    account = smtp_account(mailbox)
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
