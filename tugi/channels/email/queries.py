"""What the mail settings show. Everything starts from what the agent may manage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery

from tugi.channels.email.accounts import smtp_account
from tugi.channels.email.models import AutomaticPause, Mailbox, MailboxKey, OutboundMessage, RawMail
from tugi.channels.email.parsing.head import HEAD, read_head
from tugi.core import blobs
from tugi.core.reasons import tell
from tugi.people.access import access_of
from tugi.people.models import Agent, Department, Permission

MOST_SHOWN = 50
UNSENT = (OutboundMessage.State.DUE, OutboundMessage.State.CLAIMED, OutboundMessage.State.FAILED)


@dataclass(frozen=True)
class FailedMail:
    """A mail that was not processed, as a list shows it.

    `is_left` says that only its header is here: trying again is useless, and a person may put it out of sight.
    """

    id: int
    mailbox: str
    sender: str
    subject: str
    received_at: datetime
    size: int
    error: str
    is_left: bool


@dataclass(frozen=True)
class MailboxRow:
    """A mailbox with how its mail leaves: `trouble` says why the newest that was tried has not, if it has not."""

    mailbox: Mailbox
    sent_at: datetime | None
    trouble: str
    can_send: bool


@dataclass(frozen=True)
class KeyRow:
    """A key as the settings list it; its secrets are not here."""

    id: int
    system: str
    owner: str
    fingerprint: str
    expires_at: datetime | None
    is_expired: bool
    opens: bool


def key_rows(mailbox: Mailbox, now: datetime) -> list[KeyRow]:
    """Those that open mail first."""
    rows = [
        KeyRow(
            id=key.pk,
            system=key.get_system_display(),
            owner=key.owner,
            fingerprint=" ".join(key.fingerprint[at : at + 4] for at in range(0, len(key.fingerprint), 4)).upper(),
            expires_at=key.expires_at,
            is_expired=key.expires_at is not None and key.expires_at <= now,
            opens=bool(key.private),
        )
        for key in MailboxKey.objects.filter(mailbox=mailbox)
    ]
    return sorted(rows, key=lambda row: not row.opens)


def mailbox_rows(agent: Agent) -> list[MailboxRow]:
    """The mailboxes this agent manages, and how they send."""
    mails = OutboundMessage.objects.filter(mailbox=OuterRef("pk"))
    sent = mails.filter(sent_at__isnull=False).order_by("-sent_at")
    failing = mails.filter(state__in=UNSENT, sent_at=None).exclude(last_error="").order_by("-due_at")
    rows = mailboxes_for(agent).annotate(
        mail_sent_at=Subquery(sent.values("sent_at")[:1]),
        mail_failed_at=Subquery(failing.values("due_at")[:1]),
        mail_error=Subquery(failing.values("last_error")[:1]),
    )
    return [_sending(mailbox) for mailbox in rows]


def _sending(mailbox: Any) -> MailboxRow:
    sent_at, failed_at = mailbox.mail_sent_at, mailbox.mail_failed_at
    is_failing = failed_at is not None and (sent_at is None or failed_at > sent_at)
    return MailboxRow(
        mailbox=mailbox,
        sent_at=sent_at,
        trouble=tell(mailbox.mail_error) if is_failing else "",
        can_send=smtp_account(mailbox) is not None or settings.MAIL_FOLDER is not None,
    )


def mailboxes_for(agent: Agent) -> QuerySet[Mailbox]:
    """The mailboxes of the departments in which the agent manages mail."""
    departments = access_of(agent).departments_for(Permission.MANAGE_MAIL)
    mailboxes = Mailbox.objects.select_related("department")
    return mailboxes if departments is None else mailboxes.filter(department_id__in=departments)


def pauses_for(agent: Agent) -> QuerySet[AutomaticPause]:
    """Where automatic mail is stopped, among what the agent manages; the desk's own for who manages all of it."""
    pauses = AutomaticPause.objects.select_related("mailbox").order_by("id")
    if access_of(agent).departments_for(Permission.MANAGE_MAIL) is None:
        return pauses
    return pauses.filter(mailbox__in=mailboxes_for(agent))


def departments_for(agent: Agent) -> list[Department]:
    """Where the agent may put a mailbox."""
    departments = access_of(agent).departments_for(Permission.MANAGE_MAIL)
    open_ones = Department.objects.filter(is_active=True)
    return list(open_ones if departments is None else open_ones.filter(id__in=departments))


def raw_mails_for(agent: Agent) -> QuerySet[RawMail]:
    return RawMail.objects.select_related("mailbox").filter(mailbox__in=mailboxes_for(agent))


def failed_for(agent: Agent) -> QuerySet[RawMail]:
    """Mails that were not processed. A processed one belongs to its ticket, and is seen by who sees that."""
    return raw_mails_for(agent).filter(state=RawMail.State.FAILED)


def failed_mails(agent: Agent, before: int | None = None) -> list[FailedMail]:
    """The newest mails that were not processed, or those that came in before the one of that id."""
    rows = failed_for(agent).order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [_failed(row) for row in rows[:MOST_SHOWN]]


def _failed(row: RawMail) -> FailedMail:
    sender, subject = _head(row.sha256)
    return FailedMail(
        id=row.pk,
        mailbox=row.mailbox.address,
        sender=sender or row.envelope_from or "",
        subject=subject,
        received_at=row.received_at,
        size=row.size,
        error=tell(row.last_error),
        is_left=bool(row.outcome),
    )


def _head(sha256: str) -> tuple[str, str]:
    """Author and subject from the beginning of the mail: enough to know it again."""
    try:
        with blobs.open(sha256) as stream:
            return read_head(stream.read(HEAD))
    except FileNotFoundError:
        return "", ""
