"""Where in a folder reading begins: at its first opening, and when its server has numbered it anew.

UIDs mean something under one UIDVALIDITY only (RFC 3501 2.3.1.1). What is fetched twice because of this is known
by its bytes or its words, and said once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from imapclient import IMAPClient

from tugi.channels.email.models import Mailbox, MailboxCursor, Start

MARGIN = timedelta(hours=1)
"""How far the clocks of the mail server and of the desk may be apart, and how long a mail may take into its folder."""
ONE_DAY = timedelta(days=1)
LOOK_AT_ONCE = 500


def cursor_of(client: IMAPClient, mailbox: Mailbox, answer: dict[bytes, Any]) -> MailboxCursor:
    """How far the opened folder was read; `answer` is the server's to its opening.

    A new cursor is in the database before anything is fetched.
    """
    there = MailboxCursor.objects.filter(mailbox=mailbox, folder=mailbox.imap_folder)
    uidvalidity = int(answer.get(b"UIDVALIDITY", 0))
    known = there.filter(uidvalidity=uidvalidity).first()
    if known is not None:
        return known
    return MailboxCursor.objects.create(
        mailbox=mailbox,
        folder=mailbox.imap_folder,
        uidvalidity=uidvalidity,
        last_uid=_begin_behind(client, mailbox, answer, is_known=there.exists()),
    )


def _begin_behind(client: IMAPClient, mailbox: Mailbox, answer: dict[bytes, Any], *, is_known: bool) -> int:
    """The UID behind which reading begins; 0 for the beginning of the folder."""
    if mailbox.imap_start == Start.ALL:
        return 0
    end = _end(client, answer)
    if not is_known or mailbox.last_fetched_at is None:
        return end
    later = _came_after(client, mailbox.last_fetched_at - MARGIN)
    return min(later) - 1 if later else end


def _end(client: IMAPClient, answer: dict[bytes, Any]) -> int:
    """The highest UID that a mail in the folder can have. Some servers do not tell the next one."""
    if b"UIDNEXT" in answer:
        return int(answer[b"UIDNEXT"]) - 1
    return max(client.search(["ALL"]), default=0)


def _came_after(client: IMAPClient, moment: datetime) -> list[int]:
    """The mails that came into the folder since then. SINCE knows only days, in the server's zone."""
    recent = sorted(client.search(["SINCE", (moment - ONE_DAY).date()]))
    found: list[int] = []
    for start in range(0, len(recent), LOOK_AT_ONCE):
        dates = client.fetch(recent[start : start + LOOK_AT_ONCE], ["INTERNALDATE"])
        found += [uid for uid, told in dates.items() if _is_after(told.get(b"INTERNALDATE"), moment)]
    return found


def _is_after(came_at: datetime | None, moment: datetime) -> bool:
    """A mail whose time nobody tells is taken."""
    return came_at is None or came_at >= moment
