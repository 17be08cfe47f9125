"""What the doctor asks of mail: mailboxes, the listener, the queues."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from tugi.channels.email.accounts import smtp_account
from tugi.channels.email.domain_advice import OK, UNKNOWN, WRONG, advice_for
from tugi.channels.email.health import LATE, capped
from tugi.channels.email.listener import Place, shown
from tugi.channels.email.models import AutomaticPause, FolderReading, Mailbox, OutboundMessage, RawMail
from tugi.channels.email.receiving.certificate import valid_until
from tugi.channels.email.receiving.conversation import IDENT
from tugi.core import clock
from tugi.core.doctor import Finding, amber, counted, green, probe, red
from tugi.events.models import Event

SEE_DOMAIN = "Settings → Mail → the mailbox → its domain says what to do."
RECENT = timedelta(days=1)
RUNS_OUT_SOON = 14
NO_WORKER = "Is the worker running? `tugi worker`, or `tugi serve`."


@probe("mail")
def mail() -> Iterator[Finding]:
    """Mail comes in, is read, and leaves."""
    mailboxes = list(Mailbox.objects.active())
    if not mailboxes:
        yield amber("There is no mailbox yet.", "Add one under Settings → Mail.")
    for mailbox in mailboxes:
        yield from _mailbox(mailbox)
    yield from _domains(mailboxes)
    yield from _stopped()
    yield from _listener()
    yield from _queues()


def _mailbox(mailbox: Mailbox) -> Iterator[Finding]:
    if mailbox.imap_on and mailbox.failures:
        yield red(f"{mailbox.address}: {mailbox.trouble}", "Settings → Mail → the mailbox → Test.")
    elif mailbox.imap_on:
        yield from _fetched(mailbox)
    if smtp_account(mailbox) is None and settings.MAIL_FOLDER is not None:
        yield green(f"Mail that leaves {mailbox.address} is put into {settings.MAIL_FOLDER}.")
    elif smtp_account(mailbox) is None:
        yield amber(
            f"{mailbox.address} has no server to send through.",
            "Give it an SMTP account, or name a server for the desk with TUGI_SMTP_SEND.",
        )


def _fetched(mailbox: Mailbox) -> Iterator[Finding]:
    """What its server holds beside what we have, as it was last compared."""
    if (mailbox.last_fetched_at or mailbox.created_at) < clock.now() - LATE:
        yield red(f"{mailbox.address} was not looked at lately.", NO_WORKER)
        return
    readings = list(FolderReading.objects.filter(mailbox=mailbox, folder__in=mailbox.compared_folders))
    for reading in readings:
        if reading.missing:
            yield red(
                f"{mailbox.address}: of the newest {reading.compared} mails in “{reading.folder}” "
                f"{reading.missing} {'is' if reading.missing == 1 else 'are'} not here.",
                "They lie on the mail server: hand them over with `tugi mail receive`, and tell us of it.",
            )
    if not any(reading.missing for reading in readings):
        waiting = sum(reading.waiting for reading in readings)
        yield green(f"{mailbox.address} is fetched; {waiting} still to fetch.")


def _listener() -> Iterator[Finding]:
    for place, words, setting in (
        (settings.SMTP_LISTEN, "SMTP", "TUGI_SMTP_LISTEN"),
        (settings.LMTP_LISTEN, "LMTP", "TUGI_LMTP_LISTEN"),
    ):
        if place is not None:
            yield _listens(place, words, setting)
    if settings.SMTP_LISTEN is not None:
        yield from _certificate()


def _listens(place: Place, words: str, setting: str) -> Finding:
    banner = _banner(place)
    if IDENT.encode() in banner:
        return green(f"Mail is taken by {words} at {shown(place)}.")
    if banner:
        text = f"Another program answers at {shown(place)}, so Tugi takes no mail there."
        return red(text, f"Choose another place with {setting}.")
    return amber(f"Nothing answers at {shown(place)}.", NO_WORKER)


def _certificate() -> Iterator[Finding]:
    """A given one runs out if nobody renews it; our own is renewed."""
    given = settings.SMTP_CERTIFICATE
    if given is None:
        return
    until = valid_until(given)
    days = (until - clock.now()).days
    if days < 0:
        yield red(f"The certificate for mail ran out on {until:%Y-%m-%d}.", "Renew it; Tugi takes the new file up.")
    elif days < RUNS_OUT_SOON:
        yield amber(f"The certificate for mail runs out on {until:%Y-%m-%d}.", "Renew it; Tugi takes the new file up.")
    else:
        yield green(f"The certificate for mail is good until {until:%Y-%m-%d}.")


def _banner(place: Place) -> bytes:
    with suppress(OSError), _connected(place) as line:
        line.settimeout(2)
        return line.recv(200)
    return b""


def _connected(place: Place) -> socket.socket:
    """Raises OSError."""
    if isinstance(place, tuple):
        return socket.create_connection((place[0] or "127.0.0.1", place[1]), timeout=2)
    line = socket.socket(socket.AF_UNIX)
    try:
        line.settimeout(2)
        line.connect(str(place))
    except OSError:
        line.close()
        raise
    return line


def _domains(mailboxes: list[Mailbox]) -> Iterator[Finding]:
    """Whether mail from our domains is believed elsewhere. Without a name server that is not known, and not wrong."""
    if settings.DNS is None:
        return
    for mailbox in {mailbox.host: mailbox for mailbox in mailboxes}.values():
        found = advice_for(mailbox)
        for each in found:
            if each.state == WRONG:
                hint = f"Publish as TXT at {each.record_name}: {each.record}" if each.record else SEE_DOMAIN
                yield amber(f"{mailbox.host}, {each.matter}: {each.text}", hint)
        unknown = [each.matter for each in found if each.state == UNKNOWN]
        if unknown:
            yield amber(
                f"{mailbox.host}: {', '.join(unknown)} could not be looked up.", "Is there a network? TUGI_DNS."
            )
        elif all(each.state == OK for each in found):
            yield green(f"Mail from {mailbox.host} is vouched for: SPF, DKIM and DMARC are published.")


def _stopped() -> Iterator[Finding]:
    for pause in AutomaticPause.objects.select_related("mailbox"):
        what = f"from {pause.mailbox.address}" if pause.mailbox else "of the whole desk"
        yield red(
            f"Automatic mail {what} is stopped: it was more than its limit.",
            "Is somebody flooding the desk? Settings → Mail says more, and lets it go on.",
        )


def _queues() -> Iterator[Finding]:
    failed = _count(RawMail.objects.filter(state=RawMail.State.FAILED))
    if failed:
        yield red(f"{counted(failed, 'mail')} could not be processed.", "Look under Settings → Mail → Health.")
    before = clock.now() - LATE
    waiting = _count(RawMail.objects.filter(state=RawMail.State.DUE, due_at__lt=before))
    late = _count(OutboundMessage.objects.filter(state=OutboundMessage.State.DUE, due_at__lt=before))
    if waiting or late:
        yield red(
            f"Waiting too long: {counted(waiting, 'mail')} to be read, {late} to be sent.", "Is the worker running?"
        )
    recent = clock.now() - RECENT
    refused = _count(OutboundMessage.objects.filter(state=OutboundMessage.State.FAILED, due_at__gt=recent))
    if refused:
        yield amber(
            f"{counted(refused, 'mail')} of the last day could not be sent.", "Its ticket and Settings → Mail say why."
        )
    withheld = _withheld_since(recent)
    if withheld:
        hint = "Somebody sent one to a mailbox of the desk, or forwards their mail there. Make that agent a new link."
        yield amber(f"{counted(withheld, 'mail')} of the last day carried a link that sets an agent's password.", hint)
    if not failed and not waiting and not late and not refused:
        yield green("All mail is read and sent.")


def _count(rows: QuerySet[Any]) -> int:
    """To a bound: the doctor is asked when there is too much of something."""
    return capped(rows).value


def _withheld_since(moment: datetime) -> int:
    """Each left a fact at its mailbox, where they are found without looking at all the mail."""
    at_mailboxes = Event.objects.filter(subject_kind="mailbox", subject_id__in=Mailbox.objects.values("id"))
    return _count(at_mailboxes.filter(kind="mail.withheld", at__gt=moment))
