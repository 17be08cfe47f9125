"""Fetching mail by POP3 (RFC 1939). Every mail whose unique id is not known here is new.

Each mail is durable before its id is noted, and its id before it is deleted on the server, if it is to be: a crash in
between fetches or deletes it again.
"""

from __future__ import annotations

import poplib
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from tugi.channels.email.accounts import imap_account
from tugi.channels.email.actions import accept_raw
from tugi.channels.email.models import Afterwards, Mailbox, MailboxCursor, Outcome, PopMail, Start, Via
from tugi.channels.email.pop3_sessions import Pop3, signed_in
from tugi.channels.email.words import CannotFetch
from tugi.core import clock
from tugi.core.inserting import insert_unless_there
from tugi.core.reasons import reason

BATCH = 50
AT_ONCE = 500
HEADER = 64 * 1024
FORGET_AFTER = timedelta(days=7)


def fetch(mailbox: Mailbox, *, keep_on: Callable[[], bool] = lambda: True) -> str:
    """Take in all that is new, and delete there what is to go. Asks `keep_on` after each batch. Raises CannotFetch.

    Gives what is wrong all the same: with POP3, nothing.
    """
    with signed_in(imap_account(mailbox)) as server:
        listed = unique_ids(server, mailbox)
        sizes = server.sizes()
        known = _known(mailbox, listed)
        new = [uidl for uidl in listed if uidl not in known]
        for done, uidl in enumerate(new, start=1):
            _take(server, mailbox, uidl, listed[uidl], sizes.get(listed[uidl], 0))
            if done % BATCH == 0 and not keep_on():
                break
        gone = _delete(server, mailbox, listed)
    for start in range(0, len(gone), AT_ONCE):
        PopMail.objects.filter(mailbox=mailbox, uidl__in=gone[start : start + AT_ONCE]).delete()
    return ""


def unique_ids(server: Pop3, mailbox: Mailbox) -> dict[str, int]:
    """The number of each mail by its unique id. Raises CannotFetch where the server gives none."""
    try:
        return server.unique_ids()
    except (poplib.error_proto, ValueError) as error:
        raise CannotFetch(reason("mail.no_uidl", host=mailbox.imap_host)) from error


def _known(mailbox: Mailbox, listed: Iterable[str]) -> frozenset[str]:
    """The ids that need not be fetched: at the first look at a mailbox all there are, if only new mail counts."""
    there = MailboxCursor.objects.filter(mailbox=mailbox, folder="")
    if not there.exists():
        if mailbox.imap_start == Start.NEW:
            _note(mailbox, listed)
        insert_unless_there(MailboxCursor(mailbox=mailbox, folder="", uidvalidity=0, began_at=clock.now()))
    rows = dict(PopMail.objects.filter(mailbox=mailbox).values_list("uidl", "missing_since"))
    _keep_to_what_is_there(mailbox, frozenset(listed), rows.keys(), {uidl for uidl, since in rows.items() if since})
    return frozenset(rows)


def _keep_to_what_is_there(mailbox: Mailbox, listed: frozenset[str], known: Iterable[str], missing: set[str]) -> None:
    """Note which mails are gone from the server and which are back, and forget those long gone."""
    rows = PopMail.objects.filter(mailbox=mailbox)
    _update(rows.filter(missing_since=None), set(known) - listed - missing, missing_since=clock.now())
    _update(rows, missing & listed, missing_since=None)
    if missing - listed:
        rows.filter(missing_since__lt=clock.now() - FORGET_AFTER).delete()


def _take(server: Pop3, mailbox: Mailbox, uidl: str, number: int, size: int) -> None:
    """Keep one mail durably, or no more than its header if it is too large: then the whole mail stays there."""
    most = settings.MAX_MAIL_BYTES
    raw, size = (b"", size) if size > most else server.mail(number, most)
    if size > most:
        error = reason("mail.too_large", size=size, most=most)
        header = server.header(number, HEADER)
        accept_raw(mailbox, header, via=Via.POP3, outcome=Outcome.TOO_LARGE, error=error, size=size)
    elif raw:
        accept_raw(mailbox, raw, via=Via.POP3)
    _note(mailbox, [uidl], is_to_go=mailbox.imap_afterwards == Afterwards.DELETE and 0 < size <= most)


def _note(mailbox: Mailbox, uidls: Iterable[str], *, is_to_go: bool = False) -> None:
    rows = [PopMail(mailbox=mailbox, uidl=uidl, is_to_go=is_to_go) for uidl in uidls]
    PopMail.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)


def _delete(server: Pop3, mailbox: Mailbox, listed: dict[str, int]) -> list[str]:
    """Ask for what is to go, if that is still wanted; gives its ids. It goes when the session ends well."""
    rows = PopMail.objects.filter(mailbox=mailbox, is_to_go=True)
    if Mailbox.objects.only("imap_afterwards").get(pk=mailbox.pk).is_kept_there:
        rows.update(is_to_go=False)
        return []
    gone = [uidl for uidl in rows.values_list("uidl", flat=True) if uidl in listed]
    for uidl in gone:
        server.dele(listed[uidl])
    return gone


def _update(rows: QuerySet[PopMail], uidls: set[str], **values: Any) -> None:
    some = sorted(uidls)
    for start in range(0, len(some), AT_ONCE):
        rows.filter(uidl__in=some[start : start + AT_ONCE]).update(**values)
